#include "unet/objects/object_finder.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

std::size_t pixels_of_slice(const Size3& size) {
    return static_cast<std::size_t>(size.height * size.width);
}

/// No two components, and no two summits of a landscape, are neighbours.
std::size_t most_objects(const Size3& size) { return (pixels_of_slice(size) + 1) / 2; }

}  // namespace

void ObjectFinder::reserve(const Size3& size, const ObjectRule& rule) {
    components_.reserve(size);
    pixels_.reserve(most_objects(size));
    if (rule.fill_holes) {
        holes_.reserve(size.height, size.width);
        row_.reserve(size.width);
    }
    if (rule.boundary) {
        reserve_interior(size, rule);
        splits_.reserve(size.elements());
        reserve_array(objects_, most_objects(size) + 1);
        return;
    }
    if (!(rule.split_depth > 0.0)) return;
    splits_.reserve(size.elements());
    floods_.reserve(size);
    basins_.reserve(most_objects(size));
    reserve_array(objects_, most_objects(size));
}

std::int64_t ObjectFinder::bytes(const Size3& size, const ObjectRule& rule) {
    std::size_t bytes = most_objects(size) * sizeof(std::int64_t);
    if (rule.fill_holes)
        bytes += static_cast<std::size_t>(HoleFiller::bytes(size.height, size.width)) +
                 static_cast<std::size_t>(size.width) * sizeof(std::uint32_t);
    if (rule.boundary)
        bytes += static_cast<std::size_t>(interior_bytes(size, rule)) +
                 static_cast<std::size_t>(size.elements()) * sizeof(Split) +
                 (most_objects(size) + 1) * sizeof(std::uint32_t);
    else if (rule.split_depth > 0.0)
        bytes += static_cast<std::size_t>(size.elements()) * sizeof(Split) +
                 most_objects(size) * (Basins::bytes_each + sizeof(std::uint32_t)) +
                 static_cast<std::size_t>(ComponentFloods::bytes(size));
    return ComponentFinder::bytes(size) + static_cast<std::int64_t>(bytes);
}

std::int64_t ObjectFinder::find(std::span<std::uint32_t> map, const Size3& size,
                                const ObjectRule& rule) {
    start(size, rule);
    for (std::int64_t row = 0; row < size.depth * size.height; ++row)
        append(map.data() + row * size.width);
    finish();
    draw(0, map);
    return count_;
}

void ObjectFinder::start(const Size3& size, const ObjectRule& rule) {
    size_ = size;
    rule_ = rule;
    count_ = slices_done_ = 0;
    splits_.clear();
    components_.start(size, Connectivity::four);
    holes_.start(size.height, size.width);
    if (rule.boundary) start_interior();
}

void ObjectFinder::append(const std::uint32_t* row) {
    finish();
    if (rule_.boundary) {
        append_interior(row);
        row = interior_row_.data();
    }
    if (!rule_.fill_holes) {
        append_filled(row);
        return;
    }
    if (limit_ > 0) check_row();
    holes_.append(row);
}

void ObjectFinder::append_filled(const std::uint32_t* row) {
    if (limit_ > 0) check_row();
    components_.append(row);
}

void ObjectFinder::finish() {
    if (rule_.fill_holes && holes_.complete()) {
        holes_.close();
        row_.resize(size_.width);
        for (std::int64_t y = 0; y < size_.height; ++y) {
            holes_.draw(y, row_.data());
            append_filled(row_.data());
        }
        holes_.start(size_.height, size_.width);
    }
    if (rows() == (slices_done_ + 1) * size_.height) find_slice();
}

std::int64_t ObjectFinder::held_bytes() const {
    return components_.held_bytes() + holes_.held_bytes() + splits_.bytes() + pixels_.bytes() +
           floods_.held_bytes() + growth_.held_bytes() + (interior_ ? interior_->held_bytes() : 0);
}

/// The most that the next row can add.
void ObjectFinder::check_row() const {
    const std::int64_t most_runs = (size_.width + 1) / 2;
    const std::int64_t needed =
        held_bytes() + most_runs * static_cast<std::int64_t>(sizeof(ComponentFinder::Run));
    if (needed <= limit_) return;
    const std::int64_t so_far = std::max(rows(), slices_done_ * size_.height + holes_.rows());
    const double part = static_cast<double>(std::max<std::int64_t>(so_far, 1)) /
                        static_cast<double>(size_.depth * size_.height);
    fail(ErrorCode::memory,
         "objects: the foreground of {} of {} rows takes {} bytes, and {} are left for all: allow "
         "about {} bytes more",
         so_far, size_.depth * size_.height, held_bytes(), limit_,
         static_cast<std::int64_t>(static_cast<double>(needed) / part) - limit_);
}

void ObjectFinder::find_slice() {
    components_.settle();
    const auto first_row = static_cast<std::size_t>(slices_done_ * size_.height);
    const std::size_t first_run = components_.row_starts()[first_row];
    const std::size_t first_split = splits_.size();
    pixels_.clear();
    if (rule_.boundary)
        grow_interiors(first_run);
    else if (rule_.split_depth > 0.0)
        part_components(first_run);
    else
        take_components(first_run);
    if (rule_.drop_border) drop_border(first_run, first_split);
    number_slice(first_run, first_split);
    ++slices_done_;
}

void ObjectFinder::take_components(std::size_t first) {
    const auto runs = components_.runs();
    for (std::size_t r = first; r < runs.size(); ++r) {
        runs[r].value = runs[r].parent == r ? add_object() : runs[runs[r].parent].value;
        pixels_[runs[r].value] += runs[r].end - runs[r].begin;
    }
}

void ObjectFinder::part_components(std::size_t first) {
    constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
    const std::size_t first_split = splits_.size();
    components_.link(first);
    floods_.start(components_, size_, slices_done_);
    while (floods_.next(limit_ > 0 ? limit_ - (held_bytes() - floods_.held_bytes()) : any)) {
        basins_.clear();
        floods_.flood(basins_);
        basins_.merge(rule_.split_depth);
        take_flooded();
    }
    sort_splits(first_split);
}

void ObjectFinder::sort_splits(std::size_t first) {
    std::sort(splits_.begin() + first, splits_.end(), [](const Split& a, const Split& b) {
        return std::tie(a.run, a.begin) < std::tie(b.run, b.begin);
    });
}

/// Gives the runs that were just flooded their objects.
void ObjectFinder::take_flooded() {
    objects_.assign(basins_.parents.size(), none);
    for (std::size_t i = 0; i < floods_.runs().size(); ++i) {
        const std::uint32_t r = floods_.runs()[i];
        ComponentFinder::Run& run = components_.runs()[r];
        const std::int32_t* basin = floods_.flooded(i) - run.begin;
        std::uint32_t before = none;
        for (std::uint32_t x = run.begin; x < run.end;) {
            const std::uint32_t root = basins_.parents[basin[x]], begin = x;
            while (++x < run.end &&
                   (basin[x] == basin[x - 1] || basins_.parents[basin[x]] == root)) {
            }
            if (objects_[root] == none) objects_[root] = add_object();
            pixels_[objects_[root]] += x - begin;
            if (before == none)
                run.value = objects_[root];
            else
                add_split({r, begin, objects_[root]});
            before = root;
        }
    }
}

/// Before it grows.
void ObjectFinder::check_objects() const {
    if (limit_ == 0 || held_bytes() <= limit_) return;
    fail(ErrorCode::memory,
         "objects: {} objects, {} runs of foreground and {} places where they are parted take {} "
         "bytes, and {} are left: allow more, twice as much if many objects are to come",
         count_ + static_cast<std::int64_t>(pixels_.size()), components_.runs().size(),
         splits_.size(), held_bytes(), limit_);
}

void ObjectFinder::add_split(const Split& split) {
    check_objects();
    splits_.push_back(split);
}

std::uint32_t ObjectFinder::add_object() {
    check_objects();
    check_ids(static_cast<std::int64_t>(pixels_.size()) + 1, "objects", size_);
    pixels_.push_back(0);
    return static_cast<std::uint32_t>(pixels_.size() - 1);
}

/// They have no pixels any more, and get no id.
void ObjectFinder::drop_border(std::size_t first_run, std::size_t first_split) {
    const auto runs = components_.runs();
    const auto starts = components_.row_starts();
    const std::size_t second_row = starts[starts.size() - static_cast<std::size_t>(size_.height)];
    const std::size_t last_row = starts[starts.size() - 2];
    std::size_t split = first_split;
    for (std::size_t r = first_run; r < runs.size(); ++r) {
        const bool all = r < second_row || r >= last_row;
        if (all || runs[r].begin == 0) pixels_[runs[r].value] = 0;
        std::uint32_t last = runs[r].value;
        for (; split < splits_.size() && splits_[split].run == r; ++split) {
            last = splits_[split].object;
            if (all) pixels_[last] = 0;
        }
        if (runs[r].end == size_.width) pixels_[last] = 0;
    }
}

void ObjectFinder::number_slice(std::size_t first_run, std::size_t first_split) {
    const auto runs = components_.runs();
    std::size_t split = first_split;
    for (std::size_t r = first_run; r < runs.size(); ++r) {
        runs[r].value = id_of(runs[r].value);
        for (; split < splits_.size() && splits_[split].run == r; ++split)
            splits_[split].object = id_of(splits_[split].object);
    }
    pixels_.clear();
}

/// In raster order, so that the next id is that of an object that is met for the first time.
std::uint32_t ObjectFinder::id_of(std::uint32_t object) {
    std::int64_t& entry = pixels_[object];
    if (entry > 0 && entry >= rule_.minimum_pixels) {
        check_ids(count_ + 1, "objects", size_);
        entry = -++count_;
    } else if (entry > 0) {
        entry = 0;
    }
    return static_cast<std::uint32_t>(-entry);
}

void ObjectFinder::shrink() {
    pixels_ = {};
    holes_ = {};
    row_ = {};
    floods_ = {};
    basins_ = {};
    objects_ = {};
    interior_.reset();
    interior_row_ = {};
    growth_ = {};
}

void ObjectFinder::draw(std::int64_t first_row, std::span<std::uint32_t> ids) const {
    if (ids.empty()) return;
    const auto starts = components_.row_starts();
    auto row = static_cast<std::size_t>(first_row);
    const Split* split = std::partition_point(
        splits_.begin(), splits_.end(), [&](const Split& each) { return each.run < starts[row]; });
    for (std::uint32_t* out = ids.data(); out < ids.data() + ids.size();
         out += size_.width, ++row) {
        std::uint32_t done = 0;
        for (std::size_t r = starts[row]; r < starts[row + 1]; ++r) {
            const ComponentFinder::Run& run = components_.runs()[r];
            std::fill(out + done, out + run.begin, 0u);
            std::uint32_t begin = run.begin, id = run.value;
            for (; split < splits_.end() && split->run == r; ++split) {
                std::fill(out + begin, out + split->begin, id);
                begin = split->begin;
                id = split->object;
            }
            std::fill(out + begin, out + run.end, id);
            done = run.end;
        }
        std::fill(out + done, out + size_.width, 0u);
    }
}

}  // namespace unet
