// Objects of a predicted picture: tiles give its foreground row by row, and a finder what is found.
#include <algorithm>
#include <cmath>

#include "unet/predict/predictor_impl.h"

namespace unet {

ObjectRule Predictor::Impl::own_rule() const {
    ObjectRule rule = rule_of(model().info);
    rule.fill_holes = options.fill_holes;
    rule.drop_border = options.drop_border;
    return rule;
}

ObjectRule Predictor::Impl::rule_for(const RegionSource& source) const {
    ObjectRule rule = own_rule();
    const double area = magnification(source).area();
    rule.split_depth /= std::sqrt(area);
    rule.minimum_pixels = std::llround(static_cast<double>(rule.minimum_pixels) / area);
    return rule;
}

SinkBytes Predictor::Impl::foreground_bytes(const RegionSource& source, const SinkBytes& later,
                                            std::int64_t object_bytes) const {
    return [size = source.size(), &later, object_bytes](const Size3& core) {
        return predict::ForegroundSink::bytes(core, size, later) + object_bytes;
    };
}

std::int64_t Predictor::Impl::object_share(const RegionSource& source, const SinkBytes& later) {
    const std::int64_t usual = usual_object_bytes(source.size());
    if (planner.limit() == 0) return usual;
    const std::int64_t least =
        least_bytes(source, PredictionKind::labels, foreground_bytes(source, later, 0));
    return std::clamp<std::int64_t>((planner.limit() - least) / 2, 0, usual);
}

/// Below a limit a finder may take what tiles leave; after the last tile their memory, too.
void Predictor::Impl::find_objects(RegionSource& source, ObjectFinder& found,
                                   const SinkBytes& later) {
    check(source, PredictionKind::objects);
    const bool limited = planner.limit() > 0;
    const std::int64_t object_bytes = object_share(source, later);
    std::int64_t left = 0;
    if (limited) {
        const std::int64_t planned =
            describe(source, PredictionKind::labels, foreground_bytes(source, later, object_bytes))
                .bytes;
        left = planner.limit() - planned + object_bytes;
        found.limit_memory(std::max<std::int64_t>(left, 1));
    }
    const SinkBytes kept = [&later, object_bytes](const Size3& core) {
        return (later ? later(core) : 0) + object_bytes;
    };
    found.start(source.size(), rule_for(source));
    predict::ForegroundSink sink(found, foreground, kept);
    predict(source, PredictionKind::labels, sink);
    if (limited) {
        network.release();
        foreground = {};
        found.limit_memory(left + planner.network_bytes(cut));
    }
    found.finish();
}

void Predictor::find_objects(RegionSource& source, ObjectFinder& found, const SinkBytes& sink) {
    impl_->find_objects(source, found, sink);
    found.shrink();
}

std::int64_t Predictor::objects(RegionSource& source, std::span<std::uint32_t> objects) {
    const LabelSink checked(objects, source.size());
    ObjectFinder& finder = impl_->finder;
    if (impl_->planner.limit() == 0) {
        finder.limit_memory(0);
        finder.reserve(source.size(), impl_->rule_for(source));
    }
    impl_->find_objects(source, finder, {});
    finder.draw(0, objects);
    return finder.count();
}

}  // namespace unet
