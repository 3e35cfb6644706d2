#include "unet/predict/predictor.h"

#include <algorithm>
#include <utility>

#include "unet/core/context.h"
#include "unet/core/error.h"
#include "unet/objects/object_finder.h"
#include "unet/predict/classify.h"
#include "unet/predict/network_source.h"
#include "unet/predict/outside.h"
#include "unet/predict/scaling.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tile_size.h"
#include "unet/predict/views.h"

namespace unet {
namespace {

bool one_channel(PredictionKind kind) {
    return kind == PredictionKind::labels || kind == PredictionKind::objects;
}

}  // namespace

struct Predictor::Impl {
    std::shared_ptr<const PreparedModel> prepared;
    PredictOptions options;
    Context context;
    predict::TileNetwork network;
    predict::SourceScaling scaling;
    std::vector<predict::View> views;
    std::int64_t memory;     ///< that tiles take if nothing sets `limit`
    std::int64_t limit = 0;  ///< of everything that predicting takes; 0: none

    /// How images of one size and kind are cut: a tiling per view.
    struct Cut {
        Size3 image{};
        PredictionKind kind{};
        std::vector<predict::Tiling> tilings{};
        std::int64_t tiles = 0;
    };
    Cut cut;
    std::int64_t tiles_done = 0;

    // Kept from call to call.
    std::vector<float> colours;
    Image slice, shown, shown_probabilities;
    predict::ViewSums sums;
    ObjectFinder finder;

    Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen)
        : prepared(std::move(shared)),
          options(std::move(chosen)),
          context(options.threads),
          network(prepared),
          scaling(rule()),
          views(predict::views_of(options.average)),
          memory(options.memory > 0 ? options.memory : predict::default_tile_memory()) {
        if (options.tile < 0 || options.memory < 0)
            fail(ErrorCode::invalid_argument,
                 "predict: tile is {} and memory {}, expected numbers from 0 (automatic) up",
                 options.tile, options.memory);
        if (options.exact && !prepared->exact())
            fail(ErrorCode::invalid_argument,
                 "predict: direct convolutions are asked for, but the model was prepared without "
                 "them: prepare it with exact = true");
    }

    const Model& model() const { return prepared->model(); }
    std::int64_t classes() const { return model().network.classes; }
    bool averages() const { return options.average != Averaging::none; }

    Normalisation rule() const {
        const Normalisation& own = model().info.normalisation;
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

    /// Channels that tiles of a kind are written with.
    std::int64_t tile_channels(PredictionKind kind) const {
        return one_channel(kind) && !averages() ? 1 : classes();
    }

    /// What source and sink keep for a tiling of a view; views are read from a slice in memory and
    /// written to one.
    predict::BytesBeside beside(const RegionSource* source, const SinkBytes& sink) const {
        if (averages()) return [](const predict::Tiling&) { return std::int64_t{0}; };
        return [source, &sink](const predict::Tiling& tiles) {
            const std::int64_t rows = std::min(tiles.window().height, tiles.picture().height);
            return (source ? source->window_bytes(rows) : 0) + (sink ? sink(tiles.core()) : 0);
        };
    }

    Cut cut_for(const Size3& image, PredictionKind kind, std::int64_t tile_memory,
                const RegionSource* source, const SinkBytes& sink) const {
        Cut result{.image = image, .kind = kind};
        for (const predict::View& view : views) {
            const Size3 size = averages() ? view.size_of(image) : image;
            result.tilings.push_back(predict::choose_tiling(network, size, tile_channels(kind),
                                                            options.tile, tile_memory,
                                                            beside(source, sink)));
            result.tiles += result.tilings.back().count() * (averages() ? image.depth : 1);
        }
        return result;
    }

    /// What predicting takes beside the tiles.
    std::int64_t bytes_beside(const Size3& image, PredictionKind kind, const RegionSource* source,
                              const SinkBytes& sink) const {
        auto bytes = static_cast<std::int64_t>(context.scratch_bytes());
        if (kind == PredictionKind::objects)
            bytes += ObjectFinder::bytes(image, rule_of(model().info));
        if (!averages()) return bytes;
        if (source) bytes += source->window_bytes(image.height);
        if (sink) bytes += sink({1, image.height, image.width});
        std::int64_t largest_view = 0;
        for (const predict::View& view : views)
            largest_view = std::max(largest_view, view.size_of(image).elements());
        const std::int64_t in = model().network.in_channels;
        const std::int64_t floats =
            in * image.height * image.width + (in + classes()) * largest_view;
        return bytes + floats * static_cast<std::int64_t>(sizeof(float)) +
               predict::ViewSums::bytes(image, classes());
    }

    std::int64_t bytes_of(const Cut& planned, const RegionSource* source,
                          const SinkBytes& sink) const {
        const auto kept = beside(source, sink);
        std::int64_t tiles = 0;
        for (const predict::Tiling& tiling : planned.tilings)
            tiles =
                std::max(tiles, network.bytes(tiling, tile_channels(planned.kind)) + kept(tiling));
        return tiles + bytes_beside(planned.image, planned.kind, source, sink);
    }

    std::int64_t planned_bytes(const Size3& image, PredictionKind kind) const {
        return bytes_of(cut_for(image, kind, memory, nullptr, {}), nullptr, {});
    }

    /// The tiles that an image is predicted in.
    Cut best_cut(const RegionSource& source, PredictionKind kind, const SinkBytes& sink) const {
        const Size3 image = source.size();
        // Without a limit tiles depend on nothing but the size, so that they are cut once.
        if (limit == 0) return cut_for(image, kind, memory, nullptr, {});
        const std::int64_t rest = limit - bytes_beside(image, kind, &source, sink);
        return cut_for(image, kind, std::max<std::int64_t>(rest, 1), &source, sink);
    }

    PredictionPlan describe(const Cut& planned, const RegionSource& source,
                            const SinkBytes& sink) const {
        const predict::Tiling& tiling = planned.tilings.front();
        PredictionPlan plan{.tile = tiling.asked_core().height,
                            .core = tiling.core(),
                            .window = tiling.window(),
                            .tiles = planned.tiles,
                            .bytes = bytes_of(planned, &source, sink)};
        const predict::TileRule& rule = network.rules()[1];
        plan.halo = std::max({rule.margin, rule.before, rule.after});
        for (const predict::Tiling& each : planned.tilings)
            plan.pixels += static_cast<double>(each.count()) *
                           static_cast<double>(each.window().elements()) *
                           static_cast<double>(averages() ? planned.image.depth : 1);
        return plan;
    }

    void choose_cut(const RegionSource& source, PredictionKind kind, const SinkBytes& sink) {
        if (limit == 0 && cut.image == source.size() && cut.kind == kind && !cut.tilings.empty())
            return;
        cut = best_cut(source, kind, sink);
        if (limit == 0) return;
        if (const std::int64_t needed = bytes_of(cut, &source, sink); needed > limit)
            fail(ErrorCode::memory,
                 "predicting {} pixels takes {} bytes in pieces of this size, the limit is {}",
                 to_string(source.size()), needed, limit);
    }

    /// One row of a core from logits to what is asked for.
    void convert_row(const predict::LogitsRow& row, PredictionKind kind, float* result,
                     std::int64_t result_stride) const {
        if (kind == PredictionKind::probabilities || (one_channel(kind) && row.classes == 2))
            predict::softmax(row);
        if (one_channel(kind))
            predict::decide(row, model().info.threshold, result);
        else
            for (std::int64_t k = 0; k < row.classes; ++k)
                std::copy_n(row.data + k * row.class_stride, row.pixels,
                            result + k * result_stride);
    }

    void write_core(const predict::Tile& tile, PredictionKind kind, RegionSink& sink) {
        const Size3& size = tile.core.size;
        const auto result = network.result(tile, tile_channels(kind));
        parallel_for(context, size.depth * size.height, [&](std::int64_t line, int) {
            convert_row(network.row(tile, line / size.height, line % size.height), kind,
                        result.data() + line * size.width, size.elements());
        });
        sink.write(tile.core, result);
    }

    /// Tells what sets the image apart from those that the model was trained on.
    void compare_with_training(RegionSource& image, const Scaling& numbers) {
        const auto say = [&](const std::string& why) {
            if (!why.empty()) options.notice("unlike the training images: " + why);
        };
        say(predict::unlike_training(model().info.spacing, image.spacing()));
        if (!model().info.intensities.channels.empty())
            say(predict::unlike_training(model().info.intensities, levels_of(image), numbers,
                                         image.type(), rule()));
    }

    void run_tiles(RegionSource& source, const Scaling& numbers, const predict::Tiling& tiling,
                   PredictionKind kind, RegionSink& sink) {
        network.prepare(tiling, tile_channels(kind));
        for (std::int64_t t = 0; t < tiling.count(); ++t) {
            if (options.cancelled && options.cancelled())
                fail(ErrorCode::cancelled, "predict: cancelled after {} of {} tiles", tiles_done,
                     cut.tiles);
            const predict::Tile tile = tiling.tile(t);
            network.run(context, source, numbers, tile);
            write_core(tile, kind, sink);
            ++tiles_done;
            if (options.progress) options.progress(tiles_done, cut.tiles);
        }
    }

    /// Every view of every slice goes through the network, and the mean of what comes back out.
    void run_views(RegionSource& source, const Scaling& numbers, PredictionKind kind,
                   RegionSink& sink) {
        const Size3 size{1, source.size().height, source.size().width};
        const std::int64_t pixels = size.elements();
        std::int64_t largest_view = 0;
        for (const predict::Tiling& tiling : cut.tilings)
            largest_view = std::max(largest_view, tiling.picture().elements());
        slice.size = size;
        slice.channels = source.channels();
        slice.values.resize(static_cast<std::size_t>(slice.channels * pixels));
        shown.values.reserve(static_cast<std::size_t>(slice.channels * largest_view));
        shown_probabilities.values.reserve(static_cast<std::size_t>(classes() * largest_view));
        for (std::int64_t z = 0; z < source.size().depth; ++z) {
            const Region region{z, 0, 0, size};
            source.read(region, slice.values);
            sums.start(size, classes());
            for (std::size_t v = 0; v < views.size(); ++v) {
                predict::show(context, views[v], slice, shown);
                ImageSource view_source(shown);
                ImageSink view_sink(shown_probabilities, classes(), shown.size);
                run_tiles(view_source, numbers, cut.tilings[v], PredictionKind::probabilities,
                          view_sink);
                sums.add(context, views[v], shown_probabilities);
            }
            const auto mean = std::span(shown_probabilities.values)
                                  .first(static_cast<std::size_t>(classes() * pixels));
            sums.mean(mean);
            // Labels take the place of the first class, which is read before.
            if (one_channel(kind))
                predict::decide({mean.data(), classes(), pixels, pixels}, model().info.threshold,
                                mean.data());
            sink.write(region,
                       one_channel(kind) ? mean.first(static_cast<std::size_t>(pixels)) : mean);
        }
    }

    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
        const Size3 size = source.size();
        if (size.depth < 1 || size.height < 1 || size.width < 1)
            fail(ErrorCode::shape_mismatch, "predict: the image is {}, expected at least 1x1",
                 to_string(size));
        if (averages() && kind == PredictionKind::logits)
            fail(ErrorCode::invalid_argument,
                 "predict: {} averages probabilities, logits have no mean of their own: ask for "
                 "probabilities",
                 to_string(options.average));
        predict::NetworkSource input(source, model().network.in_channels, model().info.rgb,
                                     options.notice, colours);
        const Scaling& numbers = scaling.of(input);
        if (options.notice) compare_with_training(input, numbers);
        choose_cut(input, kind, [&sink](const Size3& core) { return sink.window_bytes(core); });
        tiles_done = 0;
        if (averages())
            run_views(input, numbers, kind, sink);
        else
            run_tiles(input, numbers, cut.tilings.front(), kind, sink);
    }

    void labels_into(RegionSource& source, PredictionKind kind, std::span<std::uint32_t> labels) {
        LabelSink sink(labels, source.size());
        predict(source, kind, sink);
    }
};

// NOLINTNEXTLINE(performance-unnecessary-value-param): `exact` is read while they are passed on
Predictor::Predictor(const Model& model, PredictOptions options)
    : Predictor(std::make_shared<const PreparedModel>(model, options.exact), options) {}
Predictor::Predictor(std::shared_ptr<const PreparedModel> model, PredictOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

void Predictor::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    if (kind == PredictionKind::objects)
        fail(ErrorCode::invalid_argument,
             "predict: objects are numbered over a whole image and not streamed; call objects()");
    impl_->predict(source, kind, sink);
}

void Predictor::labels(RegionSource& source, std::span<std::uint32_t> labels) {
    impl_->labels_into(source, PredictionKind::labels, labels);
}

std::int64_t Predictor::objects(RegionSource& source, std::span<std::uint32_t> objects) {
    if (impl_->classes() != 2)
        fail(ErrorCode::invalid_argument,
             "objects need a model of two classes, background and foreground; this one has {}: "
             "predict labels",
             impl_->classes());
    impl_->labels_into(source, PredictionKind::objects, objects);
    const ObjectRule rule = rule_of(model().info);
    impl_->finder.reserve(source.size(), rule);
    return impl_->finder.find(objects, source.size(), rule);
}

Image Predictor::probabilities(const Image& image) {
    ImageSource source(image);
    Image result;
    ImageSink sink(result, impl_->classes(), image.size);
    result.spacing = image.spacing;
    impl_->predict(source, PredictionKind::probabilities, sink);
    return result;
}

namespace {

LabelMap map_for(const Image& image) {
    const auto pixels = static_cast<std::size_t>(image.size.elements());
    return {image.size, std::vector<std::uint32_t>(pixels), image.spacing};
}

}  // namespace

LabelMap Predictor::labels(const Image& image) {
    LabelMap map = map_for(image);
    ImageSource source(image);
    labels(source, map.values);
    return map;
}

LabelMap Predictor::objects(const Image& image) {
    LabelMap map = map_for(image);
    ImageSource source(image);
    objects(source, map.values);
    return map;
}

std::int64_t Predictor::planned_bytes(const Size3& image, PredictionKind kind) const {
    return impl_->planned_bytes(image, kind);
}

PredictionPlan Predictor::plan(const RegionSource& source, PredictionKind kind,
                               const SinkBytes& sink) const {
    return impl_->describe(impl_->best_cut(source, kind, sink), source, sink);
}

std::int64_t Predictor::least_bytes(const RegionSource& source, PredictionKind kind,
                                    const SinkBytes& sink) const {
    return impl_->bytes_of(impl_->cut_for(source.size(), kind, 1, &source, sink), &source, sink);
}

void Predictor::limit_memory(std::int64_t bytes) { impl_->limit = bytes; }

const Model& Predictor::model() const { return impl_->model(); }

}  // namespace unet
