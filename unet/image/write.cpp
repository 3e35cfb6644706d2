#include "unet/image/write.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/image/format.h"

namespace unet {
namespace {

const Format& format_for(const std::filesystem::path& path) {
    const std::string ending = lower_case(path.extension().string());
    std::vector<std::string_view> expected;
    for (const Format* format : formats_written()) {
        const auto& own = format->whole_endings;
        if (std::find(own.begin(), own.end(), ending) != own.end()) return *format;
        if (!own.empty()) expected.push_back(own.front());
    }
    fail(ErrorCode::invalid_argument, "cannot write '{}': its name ends in '{}', expected {}",
         path.string(), ending, fmt::join(expected, " or "));
}

void check_count(const std::filesystem::path& path, std::size_t found, std::int64_t expected) {
    if (static_cast<std::int64_t>(found) != expected)
        fail(ErrorCode::shape_mismatch, "cannot write '{}': its size needs {} values, found {}",
             path.string(), expected, found);
}

}  // namespace

void write_image(const std::filesystem::path& path, const Image& image) {
    check_count(path, image.values.size(), image.channels * image.size.elements());
    format_for(path).write_image(path, image);
}

void write_labels(const std::filesystem::path& path, const LabelMap& labels,
                  std::span<const Colour> colours) {
    check_count(path, labels.values.size(), labels.size.elements());
    const std::uint32_t largest =
        labels.values.empty() ? 0 : *std::max_element(labels.values.begin(), labels.values.end());
    format_for(path).write_labels(path, labels, largest, colours);
}

}  // namespace unet
