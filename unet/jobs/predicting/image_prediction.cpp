#include "unet/jobs/predicting/image_prediction.h"

#include <algorithm>
#include <utility>

#include "unet/core/error.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/write.h"
#include "unet/pixels/draw.h"
#include "unet/predict/tile_store.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

LabelMap map_for(const RegionSource& source) {
    LabelMap map{source.size(), {}, source.spacing()};
    map.values.resize(map.size.elements());
    return map;
}

/// While it is there, tiles of an image and kind are kept in the folder for unfinished ones, cut as
/// by those who began it.
class KeptTiles {
public:
    KeptTiles(const UnfinishedImage* image, Predictor& predictor, const Input& input,
              const ImagePlan::Kind& each, std::int64_t usual_tile)
        : predictor_(predictor), usual_tile_(usual_tile) {
        if (!image) return;
        const auto place = image->begin(input, name_of(each.kind), each.plan.tile);
        store_.emplace(place.folder);
        predictor_.set_tile(place.edge);
        predictor_.keep_tiles(&*store_);
    }
    ~KeptTiles() {
        predictor_.keep_tiles(nullptr);
        predictor_.set_tile(usual_tile_);
    }
    KeptTiles(const KeptTiles&) = delete;
    KeptTiles& operator=(const KeptTiles&) = delete;

private:
    Predictor& predictor_;
    std::int64_t usual_tile_;
    std::optional<TileFolder> store_;
};

}  // namespace

ImagePrediction::ImagePrediction(const PredictionJob& job, Predictor& predictor, Table& table,
                                 const JobHooks& hooks, const Input& input)
    : job_(job),
      predictor_(predictor),
      table_(table),
      hooks_(hooks),
      input_(input),
      result_{input},
      image_(input.path) {
    if (job.unfinished) kept_ = job.unfinished->at_work(input, image_.identity());
}

PredictedImage ImagePrediction::run() {
    try {
        predict();
    } catch (const Error&) {
        const bool changed = image_.changed() || (job_.mask && job_.mask->changed());
        if (changed && kept_) kept_->forget();
        kept_.reset();
        if (changed) check_unchanged();  // a file that changes may look damaged
        throw;
    }
    return std::move(result_);
}

void ImagePrediction::predict() {
    std::optional<PredictedImage> done = kept_ ? kept_->finished() : std::nullopt;
    source_.emplace(input_.path, job_.reading, job_.threads);
    if (hooks_.note) {
        for (const std::string& note : source_->notes()) hooks_.note(note);
        for (const std::string& note : job_.mask_notes()) hooks_.note(note);
    }
    if (done) {
        result_ = std::move(*done);
        if (job_.table.empty()) return;
        if (const fs::path* file = result_.file_of(job_.drawn_kind())) drawn_ = read_labels(*file);
        return draw();
    }
    const ImagePlan plan = job_.plan(predictor_, input_, *source_);
    result_.shown = plan.shown;
    job_.check_memory(plan);
    if (job_.share.of > 1) {
        result_.missing_tiles = compute_shares(plan);
        if (result_.missing_tiles == 0) result_.written_by = kept_->write();
        if (result_.missing_tiles > 0 || !result_.written_by.empty()) return;
        // Another one may have written it since this one began.
        if (done = kept_->finished(); done) {
            result_ = std::move(*done);
            return;
        }
    }
    for (const ImagePlan::Kind& each : plan.kinds) write_kind(each);
    if (!job_.table.empty() || job_.overlay) draw();
    if (kept_) kept_->finish(result_);
}

/// How many tiles of all kinds are missing after this program's share.
std::int64_t ImagePrediction::compute_shares(const ImagePlan& plan) {
    std::int64_t missing = 0;
    for (const ImagePlan::Kind& each : plan.kinds) {
        const KeptTiles kept(kept_.get(), predictor_, input_, each, job_.tile);
        missing += predictor_.compute_share(*source_, each.kind, job_.share.number, job_.share.of);
    }
    check_unchanged();
    return missing;
}

void ImagePrediction::write_kind(const ImagePlan::Kind& each) {
    const KeptTiles kept(kept_.get(), predictor_, input_, each, job_.tile);
    const fs::path file = job_.file_of(each.kind, input_);
    const auto unchanged = [this] { check_unchanged(); };
    if (kept_) Unfinished::remove_leftovers(file);
    if (each.kind == PredictionKind::objects) {
        write_objects(each, file);
    } else if (job_.is_drawn(each.kind)) {
        LabelMap map = labels_of(each.kind);
        const std::uint32_t largest = *std::max_element(map.values.begin(), map.values.end());
        job_.files.write(map, job_.files.shape_of(each.kind, *source_, input_, largest), file,
                         unchanged);
        if (each.kind == job_.drawn_kind()) drawn_ = std::move(map);
    } else {
        job_.files.stream(predictor_, *source_, each.kind, each.shape, file, unchanged);
    }
    result_.files.push_back({each.kind, file});
}

/// Objects are found before the file is begun: how many there are decides its depth.
void ImagePrediction::write_objects(const ImagePlan::Kind& each, const fs::path& file) {
    constexpr std::int64_t largest_16_bit = 65535;
    ObjectFinder found;
    predictor_.find_objects(*source_, found, job_.footprint(each.kind, each.shape));
    job_.files.write(found, job_.files.shape_of(each.kind, *source_, input_, found.count()), file,
                     [this] { check_unchanged(); });
    result_.objects = found.count();
    if (found.count() > largest_16_bit && hooks_.note)
        hooks_.note(fmt::format(
            "{} objects need 32 bits; ImageJ shows them as floats, whose values are the ids (exact "
            "up to 16777216)",
            found.count()));
    if (!job_.is_drawn(each.kind)) return;
    drawn_ = map_for(*source_);
    found.draw(0, drawn_->values);
}

LabelMap ImagePrediction::labels_of(PredictionKind kind) {
    LabelMap map = map_for(*source_);
    if (kind == PredictionKind::objects) {
        ObjectFinder found;
        predictor_.find_objects(*source_, found);
        found.draw(0, map.values);
    } else {
        predictor_.labels(*source_, map.values);
    }
    return map;
}

void ImagePrediction::draw() {
    const PredictionKind kind = job_.drawn_kind();
    if (!drawn_) drawn_ = labels_of(kind);
    check_unchanged();
    if (job_.overlay && result_.overlays.empty()) write_overlays();
    if (job_.table.empty()) return;
    const std::string name = name_of_image(input_.path).string();
    if (kind == PredictionKind::objects)
        table_.add_objects(name, *drawn_);
    else
        table_.add_classes(name, *drawn_, predictor_.model().info.class_names);
}

/// One PNG; of a stack one for each slice, numbered.
void ImagePrediction::write_overlays() {
    const Image image = read_image(input_.path, job_.reading);
    check_unchanged();
    for (std::int64_t z = 0; z < image.size.depth; ++z) {
        const std::string number = image.size.depth > 1 ? fmt::format("_{:04}", z) : "";
        const fs::path file = job_.out / "overlay" / (input_.stem + number + ".png");
        RgbImage drawn = rgb_image_of(image, z);
        draw_outlines(drawn, *drawn_, z);
        write_rgb_image(file, drawn);
        result_.overlays.push_back(file);
    }
}

void ImagePrediction::check_unchanged() const {
    image_.check();
    if (job_.mask) job_.mask->check();
}

}  // namespace unet
