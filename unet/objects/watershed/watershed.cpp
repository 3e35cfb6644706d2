#include "unet/objects/watershed/watershed.h"

#include <algorithm>
#include <limits>

#include "unet/core/memory.h"

namespace unet {

void Watershed::find(std::span<const std::uint32_t> foreground, const Size3& size) {
    size_ = size;
    basins_.clear();
    components_.scan(foreground, size, Connectivity::four);
    const auto runs = components_.runs();
    std::int64_t first = 0;
    firsts_.clear();
    reserve_array(firsts_, runs.size());
    for (const ComponentFinder::Run& run : runs) {
        firsts_.push_back(first);
        first += run.end - run.begin;
    }
    reserve_array(flooded_, static_cast<std::size_t>(first));
    flooded_.resize(first);
    components_.link(0);
    flood_slices();
}

void Watershed::flood_slices() {
    for (std::int64_t z = 0; z < size_.depth; ++z) {
        floods_.start(components_, size_, z);
        while (floods_.next(std::numeric_limits<std::int64_t>::max())) {
            const auto before = static_cast<std::uint32_t>(basins_.summits.size());
            floods_.flood(basins_);
            for (std::size_t i = 0; i < floods_.runs().size(); ++i) {
                const std::uint32_t r = floods_.runs()[i];
                const ComponentFinder::Run& run = components_.runs()[r];
                std::transform(floods_.flooded(i), floods_.flooded(i) + (run.end - run.begin),
                               flooded_.data() + firsts_[r], [before](std::int32_t basin) {
                                   return before + static_cast<std::uint32_t>(basin);
                               });
            }
        }
    }
}

std::int64_t Watershed::merge(double depth, std::int64_t minimum_pixels,
                              std::span<std::uint32_t> objects) {
    basins_.merge(depth);
    pixels_.assign(basins_.summits.size(), 0);
    for (const std::uint32_t basin : flooded_) ++pixels_[basins_.parents[basin]];
    // From here on an entry below 0 is an id.
    std::int64_t next = 0;
    std::uint32_t* row = objects.data();
    const auto rows = components_.row_starts();
    for (std::size_t y = 0; y + 1 < rows.size(); ++y, row += size_.width) {
        std::int64_t done = 0;
        for (std::size_t r = rows[y]; r < rows[y + 1]; ++r) {
            const ComponentFinder::Run& run = components_.runs()[r];
            std::fill(row + done, row + run.begin, 0u);
            done = run.end;
            const std::uint32_t* basin = flooded_.data() + firsts_[r];
            for (std::int64_t x = run.begin; x < run.end; ++x, ++basin) {
                std::int64_t& entry = pixels_[basins_.parents[*basin]];
                if (entry > 0) entry = entry < minimum_pixels ? 0 : -++next;
                row[x] = static_cast<std::uint32_t>(-entry);
            }
        }
        std::fill(row + done, row + size_.width, 0u);
    }
    return next;
}

}  // namespace unet
