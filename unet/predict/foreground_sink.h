#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"
#include "unet/predict/prediction_plan.h"

namespace unet::predict {

/// Takes labels 0 and 1 in tiles a slice deep, from left to right and top to bottom, and hands them
/// to a finder of objects, which was started for pictures of this size.
class ForegroundSink final : public RegionSink {
public:
    /// Kept from picture to picture: the rows that the last tiles have begun, and one of them.
    struct Memory {
        std::vector<std::uint8_t> band;
        std::vector<std::uint32_t> row;
    };

    /// `later`: what is counted as if this sink took it. All must outlive this.
    ForegroundSink(ObjectFinder& finder, Memory& memory, const SinkBytes& later)
        : finder_(finder), memory_(memory), later_(later) {}

    /// Throws as ObjectFinder::append().
    void write(const Region& region, std::span<const float> values) override;
    std::int64_t window_bytes(const Size3& core) const override {
        return bytes(core, finder_.size(), later_);
    }
    /// The same for a finder of objects in pictures of `size`.
    static std::int64_t bytes(const Size3& core, const Size3& size, const SinkBytes& later);

private:
    template <class Value>
    void append(const Value* rows, std::int64_t count);

    ObjectFinder& finder_;
    Memory& memory_;
    const SinkBytes& later_;
};

}  // namespace unet::predict
