#include <string_view>

#include "scratch.h"
#include "targets.h"
#include "unet/annotation/annotation_file.h"
#include "unet/annotation/draw_labels.h"
#include "unet/core/error.h"
#include "unet/image/read.h"

namespace unet::fuzz {
namespace {

template <class Function>
void try_to(Function function) {
    try {
        function();
    } catch (const Error&) {
        return;
    }
}

/// An image that suits the annotations where they speak of a small one.
ImageInfo image_of(const AnnotatedImage& annotated) {
    constexpr std::int64_t most = 256;
    const auto length = [](std::int64_t named, std::int64_t else_length) {
        return named > 0 && named <= most ? named : else_length;
    };
    ImageInfo info;
    info.size = {3, length(annotated.height, 48), length(annotated.width, 64)};
    return info;
}

void read_and_draw(const std::filesystem::path& path, AnnotationFormat format) {
    try_to([&] {
        for (const AnnotatedImage& annotated : read_annotations(path, format))
            for (const bool other : {false, true})
                try_to([&] {
                    DrawOptions options;
                    options.fill_crossings = options.nuclei = other;
                    draw_labels(annotated, image_of(annotated), options);
                });
    });
}

}  // namespace

void read_annotation(std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("PK")) {
        const auto path = scratch().write("a.zip", bytes);
        for (const auto format : {AnnotationFormat::detect, AnnotationFormat::imagej})
            read_and_draw(path, format);
        return;
    }
    if (text.starts_with("Iout"))
        return read_and_draw(scratch().write("a.roi", bytes), AnnotationFormat::imagej);
    const auto path = scratch().write("a.json", bytes);
    for (const auto format : {AnnotationFormat::detect, AnnotationFormat::geojson,
                              AnnotationFormat::labelme, AnnotationFormat::coco})
        read_and_draw(path, format);
}

}  // namespace unet::fuzz
