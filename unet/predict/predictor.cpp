#include "unet/predict/predictor.h"

#include <algorithm>
#include <utility>

#include "unet/core/error.h"
#include "unet/predict/predictor_impl.h"

namespace unet {

// NOLINTNEXTLINE(performance-unnecessary-value-param): `exact` is read while they are passed on
Predictor::Predictor(const Model& model, PredictOptions options)
    : Predictor(std::make_shared<const PreparedModel>(model, options.exact), options) {}
Predictor::Predictor(std::shared_ptr<const PreparedModel> model, PredictOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

void Predictor::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    if (kind != PredictionKind::objects) {
        impl_->predict(source, kind, sink);
        return;
    }
    ObjectFinder found;
    find_objects(source, found, [&sink](const Size3& core) { return sink.window_bytes(core); });
    write_objects(found, sink);
}

void Predictor::labels(RegionSource& source, std::span<std::uint32_t> labels) {
    LabelSink sink(labels, source.size());
    impl_->predict(source, PredictionKind::labels, sink);
}

std::int64_t Predictor::planned_bytes(const Size3& image, PredictionKind kind) const {
    const std::int64_t tiles = impl_->planner.free_bytes(image, Impl::tile_kind(kind));
    if (kind != PredictionKind::objects) return tiles;
    return tiles + ObjectFinder::bytes(image, impl_->own_rule()) +
           predict::ForegroundSink::bytes({1, image.height, 1}, image, {});
}

PredictionPlan Predictor::plan(const RegionSource& source, PredictionKind kind,
                               const SinkBytes& sink) const {
    impl_->check(source, kind);
    constexpr bool without_masked = true;
    if (kind != PredictionKind::objects) return impl_->describe(source, kind, sink, without_masked);
    const std::int64_t object_bytes = impl_->object_share(source, sink);
    PredictionPlan plan =
        impl_->describe(source, PredictionKind::labels,
                        impl_->foreground_bytes(source, sink, object_bytes), without_masked);
    plan.object_bytes = object_bytes;
    // Below a limit the network's memory is given back before objects are written.
    if (impl_->planner.limit() > 0 && sink && impl_->magnification(source).none())
        plan.bytes -= std::min(plan.network_bytes, sink(plan.core));
    return plan;
}

std::int64_t Predictor::least_bytes(const RegionSource& source, PredictionKind kind,
                                    const SinkBytes& sink) const {
    if (kind != PredictionKind::objects) return impl_->least_bytes(source, kind, sink);
    return impl_->least_bytes(source, PredictionKind::labels,
                              impl_->foreground_bytes(source, sink, 0));
}

void Predictor::limit_memory(std::int64_t bytes) { impl_->planner.set_limit(bytes); }

void Predictor::predict_where(RegionSource* mask) { impl_->mask = predict::Mask(mask); }

void Predictor::keep_tiles(TileStore* store) { impl_->store = store; }

void Predictor::set_tile(std::int64_t edge) {
    if (impl_->planner.set_tile(edge)) impl_->cut = {};
}

std::int64_t Predictor::compute_share(RegionSource& source, PredictionKind kind,
                                      std::int64_t number, std::int64_t of) {
    if (impl_->store == nullptr || number < 1 || number > of)
        fail(ErrorCode::invalid_argument,
             "predict: share {} of {}, {} store of tiles; expected a share from 1 on and a store",
             number, of, impl_->store ? "a" : "no");
    NullSink none;
    impl_->share = {number, of};
    try {
        impl_->predict(source, Impl::tile_kind(kind), none);
    } catch (...) {
        impl_->share = {};
        throw;
    }
    impl_->share = {};
    const Size3 shown = impl_->magnification(source).size_of(source.size());
    return predict::missing_tiles(*impl_->store, impl_->cut, shown, impl_->averages());
}

double Predictor::network_seconds() const { return impl_->network.seconds(); }

const Model& Predictor::model() const { return impl_->model(); }

}  // namespace unet
