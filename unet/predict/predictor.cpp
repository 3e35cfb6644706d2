#include "unet/predict/predictor.h"

#include <algorithm>
#include <utility>

#include "unet/core/context.h"
#include "unet/core/error.h"
#include "unet/predict/classify.h"
#include "unet/predict/network_source.h"
#include "unet/predict/outside.h"
#include "unet/predict/scaling.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tile_size.h"

namespace unet {
namespace {

/// A label map in memory as a sink.
class LabelSink final : public RegionSink {
public:
    explicit LabelSink(LabelMap& map) : map_(map) {}
    void write(const Region& region, std::span<const float> values) override {
        const auto [depth, height, width] = region.size;
        for (std::int64_t row = 0; row < depth * height; ++row) {
            const float* from = values.data() + row * width;
            std::uint32_t* to = map_.plane(region.z + row / height) +
                                (region.y + row % height) * map_.size.width + region.x;
            for (std::int64_t i = 0; i < width; ++i) to[i] = static_cast<std::uint32_t>(from[i]);
        }
    }

private:
    LabelMap& map_;
};

Model without_tensors(const Model& model) {
    Model result;
    result.network = model.network;
    result.info = model.info;
    result.unknown = model.unknown;
    return result;
}

}  // namespace

struct Predictor::Impl {
    Model model;  // without its tensors
    PredictOptions options;
    Context context;
    predict::TileNetwork network;
    Normalisation normalisation;
    std::int64_t memory;

    Impl(const Model& whole, PredictOptions chosen)
        : model(without_tensors(whole)),
          options(std::move(chosen)),
          context(options.threads),
          network(whole, options.exact),
          normalisation(rule()),
          memory(options.memory > 0 ? options.memory : predict::default_tile_memory()) {
        if (options.tile < 0 || options.memory < 0)
            fail(ErrorCode::invalid_argument,
                 "predict: tile is {} and memory {}, expected numbers from 0 (automatic) up",
                 options.tile, options.memory);
    }

    Normalisation rule() const {
        const Normalisation& own = model.info.normalisation;
        if (!options.override_normalisation) return own;
        // `--normalise dataset` names the rule only; its numbers are the training set's.
        if (options.normalisation.rule == NormaliseRule::dataset &&
            options.normalisation.low.empty()) {
            if (own.rule != NormaliseRule::dataset)
                fail(ErrorCode::invalid_argument,
                     "predict: normalisation by the data set needs its numbers, the model holds "
                     "none (its rule is {}); use image, range or LOW:HIGH",
                     to_string(own));
            return own;
        }
        return options.normalisation;
    }

    std::int64_t out_channels(PredictionKind kind) const {
        return kind == PredictionKind::labels || kind == PredictionKind::objects
                   ? 1
                   : model.network.classes;
    }

    predict::Tiling tiling(const Size3& picture, PredictionKind kind) const {
        return predict::choose_tiling(network, picture, out_channels(kind), options.tile, memory);
    }

    /// One row of a core from logits to what is asked for.
    void convert_row(const predict::LogitsRow& row, PredictionKind kind, float* result,
                     std::int64_t result_stride) const {
        const bool by_probability = kind == PredictionKind::labels && row.classes == 2;
        if (kind == PredictionKind::probabilities || by_probability) predict::softmax(row);
        if (by_probability)
            predict::above_threshold(row, model.info.threshold, result);
        else if (kind == PredictionKind::labels)
            predict::largest_class(row, result);
        else
            for (std::int64_t k = 0; k < row.classes; ++k)
                std::copy_n(row.data + k * row.class_stride, row.pixels,
                            result + k * result_stride);
    }

    void write_core(const predict::Tile& tile, PredictionKind kind, RegionSink& sink) {
        const Size3& size = tile.core.size;
        const auto result = network.result(tile, out_channels(kind));
        parallel_for(context, size.depth * size.height, [&](std::int64_t line, int) {
            convert_row(network.row(tile, line / size.height, line % size.height), kind,
                        result.data() + line * size.width, size.elements());
        });
        sink.write(tile.core, result);
    }

    /// Tells what sets the image apart from those that the model was trained on.
    void compare_with_training(RegionSource& image, const Scaling& scaling) {
        const auto say = [&](const std::string& why) {
            if (!why.empty()) options.notice("unlike the training images: " + why);
        };
        say(predict::unlike_training(model.info.spacing, image.spacing()));
        if (!model.info.intensities.channels.empty())
            say(predict::unlike_training(model.info.intensities, levels_of(image), scaling,
                                         image.type(), normalisation));
    }

    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
        const Size3 size = source.size();
        if (size.depth < 1 || size.height < 1 || size.width < 1)
            fail(ErrorCode::shape_mismatch, "predict: the image is {}, expected at least 1x1",
                 to_string(size));
        predict::NetworkSource input(source, model.network.in_channels, model.info.rgb,
                                     options.notice);
        const Scaling scaling = predict::scaling_of(input, normalisation);
        if (options.notice) compare_with_training(input, scaling);
        const predict::Tiling tiles = tiling(size, kind);
        network.prepare(tiles, out_channels(kind));
        for (std::int64_t t = 0; t < tiles.count(); ++t) {
            if (options.cancelled && options.cancelled())
                fail(ErrorCode::cancelled, "predict: cancelled after {} of {} tiles", t,
                     tiles.count());
            const predict::Tile tile = tiles.tile(t);
            network.run(context, input, scaling, tile);
            write_core(tile, kind, sink);
            if (options.progress) options.progress(t + 1, tiles.count());
        }
    }
};

Predictor::Predictor(const Model& model, PredictOptions options)
    : impl_(std::make_unique<Impl>(model, std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

void Predictor::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    if (kind == PredictionKind::objects)
        fail(ErrorCode::invalid_argument,
             "predict: objects are numbered over a whole image and not streamed; call objects()");
    impl_->predict(source, kind, sink);
}

Image Predictor::probabilities(const Image& image) {
    ImageSource source(image);
    Image result;
    ImageSink sink(result, impl_->model.network.classes, image.size);
    result.spacing = image.spacing;
    impl_->predict(source, PredictionKind::probabilities, sink);
    return result;
}

LabelMap Predictor::labels(const Image& image) {
    LabelMap map;
    map.size = image.size;
    map.spacing = image.spacing;
    map.values.resize(static_cast<std::size_t>(image.size.elements()));
    ImageSource source(image);
    LabelSink sink(map);
    impl_->predict(source, PredictionKind::labels, sink);
    return map;
}

LabelMap Predictor::objects(const Image& image) {
    if (impl_->model.network.classes != 2)
        fail(ErrorCode::invalid_argument,
             "objects need a model of two classes, background and foreground; this one has {}: "
             "predict labels",
             impl_->model.network.classes);
    return objects_of(labels(image), impl_->model.info.minimum_size, impl_->model.info.split_depth);
}

std::int64_t Predictor::planned_bytes(const Size3& image, PredictionKind kind) const {
    return impl_->network.bytes(impl_->tiling(image, kind), impl_->out_channels(kind)) +
           static_cast<std::int64_t>(impl_->context.scratch_bytes());
}

const Model& Predictor::model() const { return impl_->model; }

}  // namespace unet
