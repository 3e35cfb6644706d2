#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"

namespace unet::predict {

/// What a ForegroundSink keeps for images of `size`, and what is counted as if it did: what `later`
/// keeps, which must outlive this, and `object_bytes`.
class ForegroundFootprint final : public Footprint {
public:
    ForegroundFootprint(const Size3& size, const Footprint& later, std::int64_t object_bytes = 0)
        : size_(size), later_(later), object_bytes_(object_bytes) {}
    std::int64_t window_bytes(const Size3& core) const override;

private:
    Size3 size_;
    const Footprint& later_;
    std::int64_t object_bytes_;
};

/// Takes labels 0 and 1 in tiles a slice deep, from left to right and top to bottom, and hands them
/// to a finder of objects, which was started for images of this size.
class ForegroundSink final : public RegionSink {
public:
    /// Kept from image to image: the rows that the last tiles have begun, and one of them.
    struct Memory {
        std::vector<std::uint8_t> band;
        std::vector<std::uint32_t> row;
    };

    /// All must outlive this.
    ForegroundSink(ObjectFinder& finder, Memory& memory, const ForegroundFootprint& footprint)
        : finder_(finder), memory_(memory), footprint_(footprint) {}

    /// Throws as ObjectFinder::append().
    void write(const Region& region, std::span<const float> values) override;
    std::int64_t window_bytes(const Size3& core) const override {
        return footprint_.window_bytes(core);
    }

private:
    template <class Value>
    void append(const Value* rows, std::int64_t count);

    ObjectFinder& finder_;
    Memory& memory_;
    const ForegroundFootprint& footprint_;
};

}  // namespace unet::predict
