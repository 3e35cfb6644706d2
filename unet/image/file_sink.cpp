#include "unet/image/file_sink.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "unet/core/error.h"
#include "unet/image/format.h"
#include "unet/image/sample_bytes.h"
#include "unet/pixels/rounded_bytes.h"

namespace unet {
namespace {

/// Rows that are converted at once: about so many values, so that the copy stays in the cache.
constexpr std::int64_t values_at_once = 65536;

/// Calls rows(part) for parts of a few rows, in raster order.
template <class Rows>
void for_rows(const Region& region, Rows rows) {
    for_each_band(region.size, 1, values_at_once, [&](const Region& band) {
        rows(Region{region.z + band.z, region.y + band.y, region.x, band.size});
    });
}

}  // namespace

FileSink::FileSink(const Format& format, std::filesystem::path path, FileShape shape, int threads)
    : format_(format),
      path_(std::move(path)),
      shape_(std::move(shape)),
      threads_(threads),
      sample_bytes_(layout_of(shape_.type).bits / 8),
      low_(std::numeric_limits<double>::infinity()),
      high_(-low_) {
    if (shape_.factor != 1.0 && shape_.type != SampleType::u8)
        fail(ErrorCode::invalid_argument,
             "cannot write '{}': values multiplied by {} are stored in u8, found {}",
             path_.string(), shape_.factor, to_string(shape_.type));
}

void FileSink::write(const Region& region, std::span<const float> values) {
    check_region(region, shape_.size, shape_.channels, values.size());
    const float* from = values.data();
    for (std::int64_t channel = 0; channel < shape_.channels; ++channel)
        for_rows(region, [&](const Region& rows) {
            write_rows(rows, channel, from);
            from += rows.size.elements();
        });
    store_complete();
}

void FileSink::write_labels(const Region& region, std::span<const std::uint32_t> labels) {
    check_region(region, shape_.size, 1, labels.size());
    for_rows(region, [&](const Region& rows) {
        const auto count = static_cast<std::size_t>(rows.size.elements());
        write_rows(rows, labels.first(count));
        labels = labels.subspan(count);
    });
    store_complete();
}

std::int64_t FileSink::window_bytes(const Size3& region) const {
    return format_.footprint(shape_, threads_, region);
}

void FileSink::note(std::span<const float> values) {
    for (const float value : values) {
        low_ = std::min(low_, static_cast<double>(value));
        high_ = std::max(high_, static_cast<double>(value));
    }
}

void FileSink::write_rows(const Region& rows, std::int64_t channel, const float* values) {
    const std::int64_t count = rows.size.elements();
    const std::span given(values, static_cast<std::size_t>(count));
    bytes_.resize(count * sample_bytes_);
    if (shape_.factor != 1.0) {
        store_rounded(given, shape_.factor, path_, bytes_);
    } else {
        note(given);
        layout_of(shape_.type).interleave(values, count, 1, 0, false, path_, bytes_);
    }
    put(rows, channel, bytes_);
}

void FileSink::write_rows(const Region& rows, std::span<const std::uint32_t> labels) {
    const auto most = static_cast<std::uint32_t>((std::uint64_t{1} << (8 * sample_bytes_)) - 1);
    const auto [least, largest] = std::minmax_element(labels.begin(), labels.end());
    if (*largest > most)
        fail(ErrorCode::invalid_argument,
             "cannot write '{}': found the label {}, {} bits hold labels up to {}: write {} bits",
             path_.string(), *largest, 8 * sample_bytes_, most, *largest > 65535 ? 32 : 16);
    low_ = std::min(low_, static_cast<double>(*least));
    high_ = std::max(high_, static_cast<double>(*largest));
    bytes_.resize(labels.size() * static_cast<std::size_t>(sample_bytes_));
    std::byte* target = bytes_.data();
    for (const std::uint32_t label : labels)
        for (std::int64_t i = 0; i < sample_bytes_; ++i)
            *target++ = static_cast<std::byte>(label >> (8 * i));
    put(rows, 0, bytes_);
}

}  // namespace unet
