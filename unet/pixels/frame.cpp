#include "unet/pixels/frame.h"

#include <cstring>

#include "unet/core/error.h"

namespace unet {
namespace {

std::ptrdiff_t bytes_of(SampleType type) {
    switch (type) {
        case SampleType::u8:
        case SampleType::i8:
            return 1;
        case SampleType::u16:
        case SampleType::i16:
            return 2;
        case SampleType::u32:
        case SampleType::i32:
        case SampleType::f32:
            break;
    }
    return 4;
}

/// Samples need not be aligned.
template <class Sample>
void read_row(const std::byte* from, std::ptrdiff_t stride, std::int64_t count, float* to) {
    for (std::int64_t i = 0; i < count; ++i, from += stride) {
        Sample sample;
        std::memcpy(&sample, from, sizeof sample);
        to[i] = static_cast<float>(sample);
    }
}

void read_row(SampleType type, const std::byte* from, std::ptrdiff_t stride, std::int64_t count,
              float* to) {
    switch (type) {
        case SampleType::u8:
            return read_row<std::uint8_t>(from, stride, count, to);
        case SampleType::u16:
            return read_row<std::uint16_t>(from, stride, count, to);
        case SampleType::u32:
            return read_row<std::uint32_t>(from, stride, count, to);
        case SampleType::i8:
            return read_row<std::int8_t>(from, stride, count, to);
        case SampleType::i16:
            return read_row<std::int16_t>(from, stride, count, to);
        case SampleType::i32:
            return read_row<std::int32_t>(from, stride, count, to);
        case SampleType::f32:
            return read_row<float>(from, stride, count, to);
    }
}

}  // namespace

FrameSource::FrameSource(const FrameView& frame) : frame_(frame) {
    if (!frame.data || frame.height < 1 || frame.width < 1 || frame.channels < 1)
        fail(ErrorCode::invalid_argument,
             "frame: found {} x {} pixels of {} channel(s){}, expected data and each from 1 up",
             frame.height, frame.width, frame.channels, frame.data ? "" : " and no data");
    const std::ptrdiff_t sample = bytes_of(frame.type);
    if (frame_.channel_stride == 0) frame_.channel_stride = sample;
    if (frame_.pixel_stride == 0)
        frame_.pixel_stride = frame.channel_stride == 0 ? frame.channels * sample : sample;
    if (frame_.row_stride == 0) frame_.row_stride = frame.width * frame_.pixel_stride;
}

void FrameSource::read(const Region& region, std::span<float> values) {
    check_region(region, size(), channels(), values.size());
    float* to = values.data();
    for (std::int64_t c = 0; c < frame_.channels; ++c)
        for (std::int64_t y = 0; y < region.size.height; ++y, to += region.size.width)
            read_row(frame_.type,
                     static_cast<const std::byte*>(frame_.data) + c * frame_.channel_stride +
                         (region.y + y) * frame_.row_stride + region.x * frame_.pixel_stride,
                     frame_.pixel_stride, region.size.width, to);
}

}  // namespace unet
