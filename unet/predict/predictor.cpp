#include "unet/predict/predictor.h"

#include <algorithm>
#include <utility>

#include "unet/core/error.h"
#include "unet/predict/network_source.h"
#include "unet/predict/predictor_impl.h"
#include "unet/predict/size_finder.h"

namespace unet {
namespace {

LabelMap map_for(const Image& image) {
    return {image.size, std::vector<std::uint32_t>(image.size.elements()), image.spacing};
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): `exact` is read while they are passed on
Predictor::Predictor(const Model& model, PredictOptions options)
    : Predictor(std::make_shared<const PreparedModel>(model, options.exact, options.precision),
                options) {}
Predictor::Predictor(std::shared_ptr<const PreparedModel> model, PredictOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

ShownSize Predictor::look_at(RegionSource& source) {
    predict::NetworkSource::check(source, model().network.in_channels, model().info.rgb);
    impl_->looked = false;
    impl_->look(source);
    impl_->looked = true;
    const predict::Magnification by = impl_->magnification(source);
    const double told = impl_->options.diameter > 0.0 ? impl_->told_diameter(source) : 0.0;
    return {impl_->found_diameter.value_or(told), by.height, by.width};
}

std::int64_t Predictor::least_looking_bytes(const RegionSource& source) const {
    if (!impl_->needs_look(source)) return 0;
    return impl_->scaling.bytes(source) +
           predict::SizeFinder(impl_->prepared, impl_->options, impl_->context, 0)
               .least_bytes(source);
}

void Predictor::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    impl_->look(source);
    if (kind != PredictionKind::objects) {
        impl_->predict(source, kind, sink);
        return;
    }
    ObjectFinder found;
    find_objects(source, found, sink);
    write_objects(found, sink);
}

Image Predictor::probabilities(const Image& image) {
    ImageSource source(image);
    Image result;
    ImageSink sink(result, model().network.classes, image.size);
    result.spacing = image.spacing;
    predict(source, PredictionKind::probabilities, sink);
    return result;
}

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

void Predictor::labels(RegionSource& source, std::span<std::uint32_t> labels) {
    LabelSink sink(labels, source.size());
    impl_->look(source);
    impl_->predict(source, PredictionKind::labels, sink);
}

std::int64_t Predictor::objects(RegionSource& source, std::span<std::uint32_t> objects) {
    const LabelSink checked(objects, source.size());
    ObjectFinder& finder = impl_->finder;
    impl_->look(source);
    if (impl_->tiles.planner().limit() == 0) {
        finder.limit_memory(0);
        finder.reserve(source.size(), impl_->rule_for(source));
    }
    impl_->find_objects(source, finder, {});
    finder.draw(0, objects);
    return finder.count();
}

void Predictor::find_objects(RegionSource& source, ObjectFinder& found, const Footprint& sink) {
    impl_->look(source);
    impl_->find_objects(source, found, sink);
    found.shrink();
}

std::int64_t Predictor::planned_bytes(const Size3& image, PredictionKind kind) const {
    const std::int64_t tiles = impl_->tiles.planner().free_bytes(image, Impl::tile_kind(kind));
    if (kind != PredictionKind::objects) return tiles;
    const Footprint nothing;
    return tiles + ObjectFinder::bytes(image, impl_->own_rule()) +
           predict::ForegroundFootprint(image, nothing).window_bytes({1, image.height, 1});
}

PredictionPlan Predictor::plan(const RegionSource& source, PredictionKind kind,
                               const Footprint& sink) const {
    impl_->check(source, kind);
    constexpr bool without_masked = true;
    if (kind != PredictionKind::objects) return impl_->describe(source, kind, sink, without_masked);
    const std::int64_t object_bytes = impl_->object_share(source, sink);
    PredictionPlan plan = impl_->describe(
        source, PredictionKind::labels,
        predict::ForegroundFootprint(source.size(), sink, object_bytes), without_masked);
    plan.object_bytes = object_bytes;
    // Below a limit the network's memory is given back before objects are written.
    if (impl_->tiles.planner().limit() > 0 && impl_->magnification(source).none())
        plan.bytes -= std::min(plan.network_bytes, sink.window_bytes(plan.core));
    return plan;
}

std::int64_t Predictor::least_bytes(const RegionSource& source, PredictionKind kind,
                                    const Footprint& sink) const {
    if (kind != PredictionKind::objects) return impl_->least_bytes(source, kind, sink);
    return impl_->least_bytes(source, PredictionKind::labels,
                              predict::ForegroundFootprint(source.size(), sink));
}

void Predictor::limit_memory(std::int64_t bytes) { impl_->tiles.planner().set_limit(bytes); }

void Predictor::predict_where(RegionSource* mask) { impl_->tiles.predict_where(mask); }

void Predictor::keep_tiles(TileStore* store) { impl_->tiles.keep_tiles(store); }

void Predictor::set_tile(std::int64_t edge) { impl_->tiles.set_tile(edge); }

std::int64_t Predictor::compute_share(RegionSource& source, PredictionKind kind,
                                      std::int64_t number, std::int64_t of) {
    predict::TileRunner& tiles = impl_->tiles;
    if (tiles.store() == nullptr || number < 1 || number > of)
        fail(ErrorCode::invalid_argument,
             "predict: share {} of {}, {} store of tiles; expected a share from 1 on and a store",
             number, of, tiles.store() ? "a" : "no");
    NullSink none;
    impl_->look(source);
    impl_->predict(source, Impl::tile_kind(kind), none, {number, of});
    return tiles.missing_tiles(impl_->magnification(source).size_of(source.size()));
}

double Predictor::network_seconds() const {
    return impl_->tiles.network_seconds() + impl_->looking_seconds;
}

const Model& Predictor::model() const { return impl_->model(); }

}  // namespace unet
