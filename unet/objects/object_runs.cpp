#include "unet/objects/object_runs.h"

#include <algorithm>

#include "unet/objects/ids.h"

namespace unet {
namespace {

/// Calls function(id, run) for every run of a slice, in raster order.
template <class Function>
void for_each_run(std::span<const std::uint32_t> values, std::int64_t width, Function function) {
    const auto rows = width > 0 ? static_cast<std::int64_t>(values.size()) / width : 0;
    for (std::int64_t y = 0; y < rows; ++y) {
        const std::uint32_t* row = values.data() + y * width;
        for (std::int64_t x = 0; x < width;) {
            const std::int64_t begin = x;
            const std::uint32_t id = row[x++];
            while (x < width && row[x] == id) ++x;
            if (id != 0) function(id, PixelRun{y, begin, x});
        }
    }
}

}  // namespace

ObjectRuns::ObjectRuns(std::span<const std::uint32_t> values, std::int64_t width) {
    const IdTable table(values);
    ids_ = table.ids();
    std::sort(ids_.begin(), ids_.end());
    std::vector<std::size_t> place(ids_.size());  // by the table's numbers
    for (std::size_t i = 0; i < ids_.size(); ++i) place[table.index(ids_[i])] = i;

    starts_.assign(ids_.size() + 1, 0);
    for_each_run(values, width,
                 [&](std::uint32_t id, const PixelRun&) { ++starts_[place[table.index(id)] + 1]; });
    for (std::size_t i = 0; i < ids_.size(); ++i) starts_[i + 1] += starts_[i];
    runs_.resize(starts_.back());
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for_each_run(values, width, [&](std::uint32_t id, const PixelRun& run) {
        runs_[next[place[table.index(id)]]++] = run;
    });
}

}  // namespace unet
