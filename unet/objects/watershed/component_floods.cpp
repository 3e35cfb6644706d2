#include "unet/objects/watershed/component_floods.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/memory.h"

namespace unet {
namespace {

/// Pixels of a slice whose arrays the processor's caches hold.
constexpr std::int64_t cached_slice = std::int64_t{1} << 18;

/// What windows of components may have before all are flooded at once.
std::int64_t most_window_pixels(const Size3& size) {
    const std::int64_t slice = size.height * size.width;
    return slice <= cached_slice ? slice : 2 * slice;
}

std::int64_t bytes_of(std::int64_t count, std::size_t each) {
    return count * static_cast<std::int64_t>(each);
}

/// No two summits are neighbours.
std::int64_t most_basins(std::int64_t pixels) { return (pixels + 1) / 2; }

std::int64_t most_runs(const Size3& size) { return size.height * ((size.width + 1) / 2); }

}  // namespace

std::int64_t ComponentFloods::Group::bytes() const {
    return Landscape::bytes(box, window, pixels) +
           bytes_of(runs, sizeof(std::uint32_t) + sizeof(LandscapeRun)) +
           bytes_of(most_basins(pixels), Basins::bytes_each);
}

void ComponentFloods::reserve(const Size3& size) {
    const PixelBox slice{0, 0, size.height, size.width};
    landscape_.reserve(slice, slice, slice.pixels());
    reserve_array(indices_, static_cast<std::size_t>(most_runs(size)));
    reserve_array(pieces_, static_cast<std::size_t>(most_runs(size)));
}

std::int64_t ComponentFloods::bytes(const Size3& size) {
    const PixelBox slice{0, 0, size.height, size.width};
    const Group all{slice, slice, most_runs(size), slice.pixels()};
    return all.bytes() - bytes_of(most_basins(slice.pixels()), Basins::bytes_each);
}

void ComponentFloods::rewind() {
    row_ = first_row_;
    run_ = components_->row_starts()[row_];
}

std::size_t ComponentFloods::slice_end() const {
    return components_->row_starts()[first_row_ + static_cast<std::size_t>(size_.height)];
}

/// To the first run of the next component; false where there is none.
bool ComponentFloods::seek() {
    const auto starts = components_->row_starts();
    const std::size_t end = slice_end();
    while (run_ < end && components_->runs()[run_].parent != run_) ++run_;
    if (run_ == end) return false;
    while (starts[row_ + 1] <= run_) ++row_;
    return true;
}

/// Calls function(index, row of the map) for the runs of the component that is next.
template <class Function>
void ComponentFloods::for_component(Function function) const {
    const auto starts = components_->row_starts();
    std::size_t row = row_;
    for (auto r = static_cast<std::uint32_t>(run_); r != ComponentFinder::last_run;
         r = components_->runs()[r].value) {
        while (starts[row + 1] <= r) ++row;
        function(r, row);
    }
}

/// The same for all components of the slice, in raster order.
template <class Function>
void ComponentFloods::for_slice(Function function) const {
    const auto starts = components_->row_starts();
    const std::size_t end = first_row_ + static_cast<std::size_t>(size_.height);
    for (std::size_t row = first_row_; row < end; ++row)
        for (std::size_t r = starts[row]; r < starts[row + 1]; ++r)
            function(static_cast<std::uint32_t>(r), row);
}

template <class ForRuns>
ComponentFloods::Group ComponentFloods::measure(ForRuns for_runs) const {
    Group group;
    std::size_t top = 0, bottom = 0;
    std::uint32_t left = ComponentFinder::last_run, right = 0;
    for_runs([&](std::uint32_t r, std::size_t row) {
        const ComponentFinder::Run& run = components_->runs()[r];
        if (group.runs++ == 0) top = row;
        bottom = row;
        left = std::min(left, run.begin);
        right = std::max(right, run.end);
        group.pixels += run.end - run.begin;
    });
    group.box = {static_cast<std::int64_t>(top - first_row_), left,
                 static_cast<std::int64_t>(bottom + 1 - top), std::int64_t{right} - left};
    group.window = Landscape::window_about(group.box, size_.height, size_.width);
    return group;
}

void ComponentFloods::start(const ComponentFinder& components, const Size3& size, std::int64_t z) {
    components_ = &components;
    size_ = size;
    first_row_ = static_cast<std::size_t>(z * size.height);
    const auto component = [this](auto function) { for_component(function); };
    std::int64_t pixels = 0;
    for (rewind(); seek(); ++run_) pixels += measure(component).window.pixels();
    at_once_ = pixels > most_window_pixels(size);
    rewind();
}

template <class ForRuns>
void ComponentFloods::take(const Group& group, std::int64_t most_bytes, ForRuns for_runs) {
    if (const std::int64_t needed = group.bytes(); needed > most_bytes)
        fail(ErrorCode::memory,
             "objects: parting a connected piece of foreground of {} x {} pixels takes {} bytes, "
             "and {} are left: allow {} bytes more, or a split depth of 0, which needs none of "
             "them",
             group.box.height, group.box.width, needed, std::max<std::int64_t>(most_bytes, 0),
             needed - std::max<std::int64_t>(most_bytes, 0));
    held_ = std::max(held_, group.bytes());
    group_ = group;
    make_room(indices_, static_cast<std::size_t>(group.runs));
    make_room(pieces_, static_cast<std::size_t>(group.runs));
    indices_.clear();
    pieces_.clear();
    for_runs([&](std::uint32_t r, std::size_t row) {
        const ComponentFinder::Run& run = components_->runs()[r];
        indices_.push_back(r);
        pieces_.push_back({static_cast<std::uint32_t>(row - first_row_), run.begin, run.end});
    });
}

bool ComponentFloods::next(std::int64_t most_bytes) {
    if (!seek()) return false;
    const auto component = [this](auto function) { for_component(function); };
    const auto slice = [this](auto function) { for_slice(function); };
    if (at_once_) {
        const Group all = measure(slice);
        at_once_ = all.bytes() <= most_bytes;
        if (at_once_) {
            take(all, most_bytes, slice);
            run_ = slice_end();
            return true;
        }
    }
    take(measure(component), most_bytes, component);
    ++run_;
    return true;
}

void ComponentFloods::flood(Basins& basins) {
    const PixelBox& window = group_.window;
    components_->draw(first_row_ + static_cast<std::size_t>(window.y), window.height, window.x,
                      window.width, landscape_.start(group_.box, window, group_.pixels));
    landscape_.flood(pieces_, basins);
}

}  // namespace unet
