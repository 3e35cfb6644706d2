// ObjectFinder with a boundary: what is one object is decided in the interior.

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/objects/object_finder.h"

namespace unet {
namespace {

Size3 slice_of(const Size3& size) { return {1, size.height, size.width}; }

/// How the interiors of objects are found, of which nothing is left out.
ObjectRule interior_rule(const ObjectRule& rule) {
    ObjectRule interior;
    interior.split_depth = rule.split_depth;
    return interior;
}

}  // namespace

void ObjectFinder::start_interior() {
    if (!interior_) interior_ = std::make_unique<ObjectFinder>();
    interior_->start(slice_of(size_), interior_rule(rule_));
}

void ObjectFinder::reserve_interior(const Size3& size, const ObjectRule& rule) {
    if (!interior_) interior_ = std::make_unique<ObjectFinder>();
    interior_->reserve(slice_of(size), interior_rule(rule));
    reserve_array(interior_row_, 2 * static_cast<std::size_t>(size.width));
    growth_.reserve({0, 0, size.height, size.width});
}

std::int64_t ObjectFinder::interior_bytes(const Size3& size, const ObjectRule& rule) {
    return bytes(slice_of(size), interior_rule(rule)) +
           InteriorGrowth::bytes({0, 0, size.height, size.width}) +
           2 * size.width * static_cast<std::int64_t>(sizeof(std::uint32_t));
}

/// Leaves the foreground of the row in interior_row_.
void ObjectFinder::append_interior(const std::uint32_t* row) {
    interior_row_.resize(2 * static_cast<std::size_t>(size_.width));
    std::uint32_t *foreground = interior_row_.data(), *interior = foreground + size_.width;
    std::transform(row, row + size_.width, interior,
                   [](std::uint32_t value) { return value == 1 ? 1u : 0u; });
    std::transform(row, row + size_.width, foreground,
                   [](std::uint32_t value) { return value != 0 ? 1u : 0u; });
    if (limit_ > 0)
        interior_->limit_memory(
            std::max<std::int64_t>(limit_ - (held_bytes() - interior_->held_bytes()), 1));
    interior_->append(interior);
}

void ObjectFinder::grow_interiors(std::size_t first) {
    interior_->finish();
    objects_.assign(static_cast<std::size_t>(interior_->count()) + 1, none);
    const std::size_t first_split = splits_.size();
    components_.link(first);
    // Values are the next runs of a component until it gets its objects.
    for (std::size_t r = first; r < components_.runs().size(); ++r)
        if (components_.runs()[r].parent == r) grow_interior(static_cast<std::uint32_t>(r));
    sort_splits(first_split);
    start_interior();
}

/// The component whose first run is `root`.
void ObjectFinder::grow_interior(std::uint32_t root) {
    const auto runs = components_.runs();
    const auto starts = components_.row_starts();
    const std::int64_t first_row = slices_done_ * size_.height;
    const auto for_runs = [&](auto function) {
        std::int64_t y = 0;
        for (std::uint32_t r = root, next = root; r != ComponentFinder::last_run; r = next) {
            next = runs[r].value;
            // Runs of a component come in raster order.
            const auto row = std::upper_bound(starts.begin() + first_row + y, starts.end(), r);
            y = row - starts.begin() - 1 - first_row;
            function(r, y);
        }
    };
    std::uint32_t one = 0;
    bool several = false;
    PixelBox box{-1, runs[root].begin, 0, 0};
    std::int64_t right = 0;
    for_runs([&](std::uint32_t r, std::int64_t y) {
        if (box.y < 0) box.y = y;
        box.x = std::min<std::int64_t>(box.x, runs[r].begin);
        right = std::max<std::int64_t>(right, runs[r].end);
        box.height = y - box.y + 1;
        for_pieces(y, runs[r].begin, runs[r].end, [&](auto, auto, std::uint32_t id) {
            several = several || (one != 0 && id != one);
            one = id;
        });
    });
    box.width = right - box.x;
    if (!several) {
        const std::uint32_t object = add_object();
        for_runs([&](std::uint32_t r, std::int64_t) {
            runs[r].value = take_pixels(object, runs[r].begin, runs[r].end);
        });
        return;
    }
    if (limit_ > 0 && held_bytes() - growth_.held_bytes() + InteriorGrowth::bytes(box) > limit_)
        fail(ErrorCode::memory,
             "objects: parting a piece of foreground in a box of {} x {} pixels takes {} bytes, "
             "and {} are left",
             box.height, box.width, InteriorGrowth::bytes(box),
             std::max<std::int64_t>(limit_ - (held_bytes() - growth_.held_bytes()), 0));
    growth_.start(box);
    for_runs([&](std::uint32_t r, std::int64_t y) {
        growth_.add(y, runs[r].begin, runs[r].end);
        for_pieces(y, runs[r].begin, runs[r].end,
                   [&](std::uint32_t begin, std::uint32_t end, std::uint32_t id) {
                       growth_.seed(y, begin, end, id);
                   });
    });
    growth_.grow();
    for_runs([&](std::uint32_t r, std::int64_t y) {
        const std::uint32_t begin = runs[r].begin, end = runs[r].end;
        for (std::uint32_t x = begin; x < end;) {
            const std::uint32_t id = growth_.id_at(y, x), from = x;
            while (++x < end && growth_.id_at(y, x) == id) {
            }
            if (objects_[id] == none) objects_[id] = add_object();
            take_pixels(objects_[id], from, x);
            if (from == begin)
                runs[r].value = objects_[id];
            else
                add_split({r, from, objects_[id]});
        }
    });
}

std::uint32_t ObjectFinder::take_pixels(std::uint32_t object, std::uint32_t begin,
                                        std::uint32_t end) {
    pixels_[object] += end - begin;
    return object;
}

/// What lies in the interior of objects, of pixels begin .. end-1 of a row of the slice at hand:
/// function(begin, end, id) from left to right.
template <class Function>
void ObjectFinder::for_pieces(std::int64_t row, std::uint32_t begin, std::uint32_t end,
                              Function function) const {
    const ObjectFinder& in = *interior_;
    const auto runs = in.components_.runs();
    const auto starts = in.components_.row_starts();
    const auto last = runs.begin() + static_cast<std::ptrdiff_t>(starts[row + 1]);
    auto run = std::partition_point(runs.begin() + static_cast<std::ptrdiff_t>(starts[row]), last,
                                    [&](const auto& each) { return each.end <= begin; });
    const auto index = static_cast<std::uint32_t>(run - runs.begin());
    const Split* split = std::partition_point(in.splits_.begin(), in.splits_.end(),
                                              [&](const Split& each) { return each.run < index; });
    for (; run < last && run->begin < end; ++run) {
        const auto number = static_cast<std::uint32_t>(run - runs.begin());
        std::uint32_t from = run->begin, id = run->value;
        for (; split < in.splits_.end() && split->run == number; ++split) {
            function(from, split->begin, id);
            from = split->begin;
            id = split->object;
        }
        function(from, run->end, id);
    }
}

}  // namespace unet
