#include "unet/predict/magnified.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace unet::predict {
namespace {

// Rows that are made at a time: enough to keep all threads busy, few enough to need little memory.
constexpr std::int64_t band_rows = 32;

std::int64_t float_bytes(std::int64_t floats) {
    return floats * static_cast<std::int64_t>(sizeof(float));
}

/// Most rows of an axis that a band of the other is made of.
std::int64_t rows_behind(std::int64_t rows, std::int64_t from, std::int64_t to, std::int64_t taps) {
    return std::min(from, rows * from / to + taps + 1);
}

}  // namespace

MagnifiedSource::MagnifiedSource(Context& context, RegionSource& source, const Size3& size)
    : context_(context),
      source_(source),
      size_(size),
      rows_(source.size().height, size.height, Interpolation::cubic),
      columns_(source.size().width, size.width, Interpolation::cubic) {}

std::int64_t MagnifiedSource::bytes(const RegionSource& source, const Size3& size,
                                    std::int64_t rows) {
    const Size3 from = source.size();
    const std::int64_t taps = AxisResize::most_taps(from.height, size.height, Interpolation::cubic);
    const std::int64_t behind = rows_behind(band_rows, from.height, size.height, taps);
    return source.window_bytes(rows_behind(rows, from.height, size.height, taps)) +
           float_bytes(source.channels() * (behind + band_rows) * from.width);
}

void MagnifiedSource::read(const Region& region, std::span<float> values) {
    check_region(region, size_, channels(), values.size());
    const Size3& size = region.size;
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += band_rows)
            read_band({region.z + z,
                       region.y + y,
                       region.x,
                       {1, std::min(band_rows, size.height - y), size.width}},
                      values.data() + (z * size.height + y) * size.width, size.elements());
}

void MagnifiedSource::read_band(const Region& band, float* values, std::int64_t channel_stride) {
    const std::int64_t last_row = band.y + band.size.height - 1;
    const std::int64_t last_column = band.x + band.size.width - 1;
    const std::int64_t top = rows_.begin(band.y), left = columns_.begin(band.x);
    const Size3 size{1, rows_.end(last_row) - top, columns_.end(last_column) - left};
    pixels_.resize(channels() * size.elements());
    lines_.resize(channels() * band.size.height * size.width);
    source_.read({band.z, top, left, size}, pixels_);
    parallel_for(context_, channels() * band.size.height, [&](std::int64_t item, int) {
        const std::int64_t c = item / band.size.height, y = item % band.size.height;
        float* line = lines_.data() + item * size.width;
        rows_.across(
            band.y + y,
            pixels_.data() + c * size.elements() + (rows_.begin(band.y + y) - top) * size.width,
            size.width, size.width, line);
        columns_.along(band.x, band.size.width, line,
                       values + c * channel_stride + y * band.size.width);
    });
}

MagnifiedSink::MagnifiedSink(Context& context, RegionSink& sink, const Size3& from, const Size3& to,
                             std::int64_t channels, std::optional<Finish> finish)
    : context_(context),
      sink_(sink),
      from_(from),
      to_(to),
      channels_(channels),
      finish_(std::move(finish)),
      rows_(from.height, to.height, Interpolation::linear),
      columns_(from.width, to.width, Interpolation::linear) {}

std::int64_t MagnifiedFootprint::window_bytes(const Size3& core) const {
    const std::int64_t taps =
        AxisResize::most_taps(from_.height, to_.height, Interpolation::linear);
    const std::int64_t rows = std::min(from_.height, core.height + taps);
    return float_bytes(channels_ * (rows * from_.width + band_rows * (from_.width + to_.width))) +
           sink_.window_bytes({1, band_rows, to_.width});
}

float* MagnifiedSink::row_of(std::int64_t channel, std::int64_t y) {
    return held_.data() + (channel * room_ + y - first_) * from_.width;
}

/// For a row of tiles, below the rows that are still needed.
void MagnifiedSink::make_room(const Region& region) {
    if (region.y == 0) first_ = kept_ = next_ = 0;
    // What the next row of the result is made of begins here.
    const std::int64_t keep =
        next_ < to_.height ? std::min(rows_.begin(next_), region.y) : region.y;
    const std::int64_t rows = region.y - keep, needed = rows + region.size.height;
    if (needed > room_) {
        std::vector<float> larger(channels_ * needed * from_.width);
        for (std::int64_t c = 0; c < channels_ && rows > 0; ++c)
            std::copy_n(row_of(c, keep), rows * from_.width,
                        larger.data() + c * needed * from_.width);
        held_ = std::move(larger);
        room_ = needed;
    } else if (keep > first_) {
        for (std::int64_t c = 0; c < channels_ && rows > 0; ++c)
            std::memmove(row_of(c, first_), row_of(c, keep),
                         static_cast<std::size_t>(float_bytes(rows * from_.width)));
    }
    first_ = keep;
    kept_ = needed;
}

void MagnifiedSink::write(const Region& region, std::span<const float> values) {
    check_region(region, from_, channels_, values.size());
    const Size3& size = region.size;
    assert(size.depth == 1);
    if (region.x == 0) make_room(region);
    for (std::int64_t c = 0; c < channels_; ++c)
        for (std::int64_t y = 0; y < size.height; ++y)
            std::copy_n(values.data() + (c * size.height + y) * size.width, size.width,
                        row_of(c, region.y + y) + region.x);
    if (region.x + size.width == from_.width)
        write_rows(region.z, region.y + size.height == from_.height);
}

/// All rows of the result whose pixels are there.
void MagnifiedSink::write_rows(std::int64_t z, bool all) {
    std::int64_t end = next_;
    while (end < to_.height && (all || rows_.end(end) <= first_ + kept_)) ++end;
    for (; next_ < end; next_ += std::min(band_rows, end - next_))
        write_band(z, next_, std::min(band_rows, end - next_));
}

void MagnifiedSink::write_band(std::int64_t z, std::int64_t y, std::int64_t rows) {
    const std::int64_t pixels = rows * to_.width;
    lines_.resize(rows * channels_ * from_.width);
    made_.resize(channels_ * pixels);
    parallel_for(context_, rows, [&](std::int64_t row, int) {
        float* made = made_.data() + row * to_.width;
        for (std::int64_t c = 0; c < channels_; ++c) {
            float* line = lines_.data() + (row * channels_ + c) * from_.width;
            rows_.across(y + row, row_of(c, rows_.begin(y + row)), from_.width, from_.width, line);
            columns_.along(0, to_.width, line, made + c * pixels);
        }
        if (finish_) finish_->row(made, pixels);
    });
    const std::int64_t channels = finish_ ? finish_->channels : channels_;
    sink_.write({z, y, 0, {1, rows, to_.width}}, std::span(made_).first(channels * pixels));
}

}  // namespace unet::predict
