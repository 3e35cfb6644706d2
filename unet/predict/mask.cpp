#include "unet/predict/mask.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "unet/core/error.h"

namespace unet::predict {
namespace {

// What slope and intercept of a NIfTI mask make of a stored 0.
constexpr float rounding = 1e-6f;
constexpr auto float_bytes = static_cast<std::int64_t>(sizeof(float));

/// The pixels of an axis of `own` pixels that are made of [begin, begin + length) of one of
/// `shown`: first and count. Those that AxisResize makes of them by linear interpolation, and up to
/// two more on each side.
std::pair<std::int64_t, std::int64_t> made_of(std::int64_t begin, std::int64_t length,
                                              std::int64_t shown, std::int64_t own) {
    if (shown == own) return {begin, length};
    const double step = static_cast<double>(shown) / static_cast<double>(own);
    // Pixel i stands at (i + 1/2) step and reaches a kernel's half to each side.
    const double reach = std::max(step, 1.0) + 1.0;
    const auto first =
        static_cast<std::int64_t>(std::floor((static_cast<double>(begin) - reach) / step - 0.5));
    const auto last = static_cast<std::int64_t>(
        std::ceil((static_cast<double>(begin + length) + reach) / step - 0.5));
    const std::int64_t from = std::clamp<std::int64_t>(first, 0, own - 1);
    return {from, std::clamp<std::int64_t>(last + 1, from + 1, own) - from};
}

}  // namespace

void Mask::check(const Size3& image, PredictionKind kind) const {
    if (!source_) return;
    const Size3 size = source_->size();
    if (kind == PredictionKind::logits)
        fail(ErrorCode::invalid_argument,
             "predict: logits have no background that could stand where nothing is predicted: ask "
             "for probabilities");
    if (source_->channels() != 1)
        fail(ErrorCode::shape_mismatch,
             "predict: the mask has {} channels, expected one whose pixels are 0 where nothing is "
             "wanted",
             source_->channels());
    if (size.height != image.height || size.width != image.width ||
        (size.depth != 1 && size.depth != image.depth))
        fail(ErrorCode::shape_mismatch,
             "predict: the mask has {} slice(s) of {} x {} pixels, expected {} of {} x {} as the "
             "image",
             size.depth, size.height, size.width,
             image.depth == 1 ? "1" : fmt::format("1 or {}", image.depth), image.height,
             image.width);
}

Region Mask::own_pixels(const Region& core, const Size3& shown) const {
    const auto [y, height] =
        made_of(core.y, core.size.height, shown.height, source_->size().height);
    const auto [x, width] = made_of(core.x, core.size.width, shown.width, source_->size().width);
    return {core.z, y, x, {core.size.depth, height, width}};
}

/// The mask's values of a part of the image, until the next call.
std::span<const float> Mask::values(const Region& region) {
    Region read = region;
    if (source_->size().depth == 1) read.z = 0;
    const auto count = static_cast<std::size_t>(region.size.elements());
    if (values_.size() != count || read != region_) {
        values_.resize(count);
        region_.z = -1;  // until all is there: reading may fail
        source_->read(read, values_);
        for (float& value : values_)
            if (std::isnan(value) || std::fabs(value) < rounding) value = 0.0f;
        region_ = read;
    }
    return values_;
}

/// Whether a pixel is wanted that depends on `core`.
bool Mask::wants(const Region& core, const Size3& shown) {
    const auto mask = values(own_pixels(core, shown));
    return std::any_of(mask.begin(), mask.end(), [](float value) { return value != 0.0f; });
}

bool Mask::leaves_out(const Region& core, const Size3& shown, std::span<float> result) {
    if (!source_ || wants(core, shown)) return false;
    std::fill(result.begin(), result.end(), 0.0f);
    const auto pixels = static_cast<std::size_t>(core.size.elements());
    if (result.size() > pixels) std::fill_n(result.begin(), pixels, 1.0f);
    return true;
}

void Mask::leave_out(PredictionPlan& plan, const Cut& cut, bool averages) {
    if (!source_) return;
    const Tiling& tiling = cut.tilings.front();
    const std::int64_t slices = cut.image.depth;
    const std::int64_t all = averages ? slices : tiling.count();
    std::int64_t wanted = 0;
    for (std::int64_t i = 0; i < all; ++i) {
        const Region part = averages ? Region{i, 0, 0, {1, cut.image.height, cut.image.width}}
                                     : tiling.tile(i).core;
        wanted += wants(part, cut.image) ? 1 : 0;
    }
    plan.skipped = plan.tiles / all * (all - wanted);
    plan.tiles -= plan.skipped;
    plan.pixels *= static_cast<double>(wanted) / static_cast<double>(all);
}

std::int64_t Mask::bytes(const Size3& core, const Size3& shown) const {
    if (!source_) return 0;
    const Size3 image = source_->size();
    const Region read = own_pixels({0, 0, 0, core}, shown);
    // In the middle of the image there may be more of them than at its begin.
    constexpr std::int64_t more = 4;
    const std::int64_t rows = std::min(read.size.height + more, image.height);
    const std::int64_t columns = std::min(read.size.width + more, image.width);
    return source_->window_bytes(rows) + core.depth * rows * columns * float_bytes;
}

std::int64_t MaskedFootprint::window_bytes(const Size3& region) const {
    const std::int64_t copied = mask_.source_ ? channels_ * region.elements() * float_bytes : 0;
    return sink_.window_bytes(region) + copied;
}

void MaskedSink::write(const Region& region, std::span<const float> values) {
    if (!mask_.source_) return sink_.write(region, values);
    const auto mask = mask_.values(region);
    masked_.assign(values.begin(), values.end());
    for (std::size_t i = 0; i < mask.size(); ++i) {
        if (mask[i] != 0.0f) continue;
        for (std::size_t at = i; at < masked_.size(); at += mask.size())
            masked_[at] = at == i && channels_ > 1 ? 1.0f : 0.0f;
    }
    sink_.write(region, masked_);
}

}  // namespace unet::predict
