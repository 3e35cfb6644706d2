#include "unet/jobs/predicting/result_files.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/image/format.h"
#include "unet/image/tiff/tiff_sink.h"
#include "unet/jobs/predicting/predicted_image.h"
#include "unet/predict/objects.h"

namespace unet {
namespace {

/// PNG holds one plane: of two classes' probabilities that of the foreground.
class ForegroundChannel final : public RegionSink {
public:
    explicit ForegroundChannel(FileSink& file) : file_(file) {}
    void write(const Region& region, std::span<const float> values) override {
        file_.write(region, values.subspan(values.size() / 2));
    }
    std::int64_t window_bytes(const Size3& region) const override {
        return file_.window_bytes(region);
    }

private:
    FileSink& file_;
};

}  // namespace

std::vector<PredictionKind> parse_kinds(const std::string& text, const Model& model) {
    if (text.empty())
        return {model.info.labels == LabelKind::instances ? PredictionKind::objects
                                                          : PredictionKind::labels};
    std::vector<PredictionKind> kinds;
    for (const std::string_view word : split(text, ',')) {
        const auto kind = kind_named(word);
        if (!kind)
            fail_setting("what", ErrorCode::invalid_argument,
                         "`what`: found '{}', expected objects, labels, probabilities or logits, "
                         "several with commas between",
                         word);
        if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
    }
    return kinds;
}

bool is_labels(PredictionKind kind) {
    return kind == PredictionKind::objects || kind == PredictionKind::labels;
}

ResultFiles::ResultFiles(const Format& format, std::int64_t bits,
                         const std::vector<PredictionKind>& kinds, const Model& model, int threads)
    : format_(format),
      bits_(bits),
      classes_(model.network.classes),
      threads_(threads),
      class_names_(model.info.class_names) {
    if (model.info.labels != LabelKind::instances) colours_ = model.info.class_colours;
    if (bits != 0 && bits != 8 && bits != 16 && bits != 32)
        fail_setting("bits", ErrorCode::invalid_argument, "`bits`: found {}, expected 8, 16 or 32",
                     bits);
    for (const PredictionKind kind : kinds) {
        const auto refuse = [&](const std::string& why) {
            fail_setting("what", ErrorCode::invalid_argument, "`what` {}: {}", name_of(kind), why);
        };
        if (kind == PredictionKind::probabilities && bits == 16)
            refuse("found `bits` 16, expected 8 (0 to 255) or 32 (floats from 0 to 1)");
        if (kind == PredictionKind::logits && bits != 0 && bits != 32)
            refuse(fmt::format("found `bits` {}, expected 32: logits are floats", bits));
        if (!format.one_plane) continue;
        if (bits == 32 || kind == PredictionKind::logits)
            refuse("`format` png holds 8 or 16 bits: write tif, ome-tif, ome-zarr or nifti");
        if (kind == PredictionKind::probabilities && classes_ != 2)
            refuse(
                fmt::format("`format` png holds one plane, this model has {} classes: write "
                            "tif, ome-tif, ome-zarr or nifti",
                            classes_));
    }
}

std::string ResultFiles::ending_for(const Input& input) const {
    const bool packed = format_.takes_place && input.path.extension() == ".gz";
    return std::string(format_.ending) + (packed ? ".gz" : "");
}

bool ResultFiles::foreground_only(PredictionKind kind) const {
    return format_.one_plane && kind == PredictionKind::probabilities;
}

FileShape ResultFiles::shape_of(PredictionKind kind, const FileSource& source, const Input& input,
                                std::int64_t largest) const {
    FileShape shape;
    shape.size = source.size();
    shape.times = source.times();
    shape.spacing = source.spacing();
    shape.name = name_of(kind);
    shape.labels = is_labels(kind);
    if (kind != PredictionKind::objects) shape.colours = colours_;
    if (format_.takes_place && format_of(input.path) == &format_) shape.geometry_of = input.path;
    if (shape.labels) {
        shape.type = bits_ == 8                      ? SampleType::u8
                     : bits_ == 32                   ? SampleType::u32
                     : bits_ == 0 && largest > 65535 ? SampleType::u32
                                                     : SampleType::u16;
        if (bits_ != 0 && largest >> bits_ != 0)
            fail_setting("bits", ErrorCode::invalid_argument,
                         "{}: found {} up to {}, `bits` {} holds them up to {}: say `bits` {}{}",
                         input.path.string(), name_of(kind), largest, bits_,
                         (std::int64_t{1} << bits_) - 1, largest > 65535 ? 32 : 16,
                         largest > 65535 && format_.one_plane ? " `format` tif" : "");
        shape.colour_map = label_colour_map(shape.colours);
        return shape;
    }
    if (kind == PredictionKind::probabilities && (bits_ == 8 || format_.one_plane)) {
        shape.type = SampleType::u8;
        shape.factor = 255.0;
    }
    for (std::int64_t k = foreground_only(kind) ? 1 : 0; k < classes_; ++k)
        shape.channel_names.push_back(k < std::ssize(class_names_) ? class_names_[k]
                                                                   : fmt::format("class {}", k));
    shape.channels = std::ssize(shape.channel_names);
    return shape;
}

void ResultFiles::stream(Predictor& predictor, FileSource& source, PredictionKind kind,
                         const FileShape& shape, const std::filesystem::path& file,
                         const BeforeCommit& before_commit) const {
    const auto sink = format_.create(file, shape, threads_);
    if (foreground_only(kind)) {
        ForegroundChannel foreground(*sink);
        predictor.predict(source, kind, foreground);
    } else {
        predictor.predict(source, kind, *sink);
    }
    before_commit();
    sink->finish();
}

void ResultFiles::write(const LabelMap& map, const FileShape& shape,
                        const std::filesystem::path& file,
                        const BeforeCommit& before_commit) const {
    const auto sink = format_.create(file, shape, threads_);
    sink->write_labels({0, 0, 0, map.size}, map.values);
    before_commit();
    sink->finish();
}

void ResultFiles::write(const ObjectFinder& objects, const FileShape& shape,
                        const std::filesystem::path& file,
                        const BeforeCommit& before_commit) const {
    const auto sink = format_.create(file, shape, threads_);
    write_objects(objects, *sink);
    before_commit();
    sink->finish();
}

}  // namespace unet
