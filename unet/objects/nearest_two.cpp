#include "unet/objects/nearest_two.h"

#include <algorithm>
#include <cstddef>

#include "unet/core/error.h"

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time. All
// arithmetic is on integers, so all give the same result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/objects/nearest_two.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// An object at some distance is one unsigned number, a key: (distance << id bits) | id. The smaller
// of two keys is the nearer object, the smaller id where they are equally near, and moving away by
// some distance is one addition. `empty` (id 0) is beyond every reach; adding a distance to it must
// not overflow, which limits reach to its root.
#ifndef UNET_OBJECTS_NEAREST_TWO_KEYS
#define UNET_OBJECTS_NEAREST_TWO_KEYS
namespace unet {
namespace {

template <class Key>
struct KeyLayout;

template <>
struct KeyLayout<std::uint32_t> {
    static constexpr int id_bits = 16;
    static constexpr std::uint32_t id_mask = 0xFFFFu;
    static constexpr std::uint32_t empty = 0x7FFF0000u;
    static constexpr std::int64_t longest = 181;  // 181^2 < 0x7FFF
};

template <>
struct KeyLayout<std::uint64_t> {
    static constexpr int id_bits = 32;
    static constexpr std::uint64_t id_mask = 0xFFFFFFFFu;
    static constexpr std::uint64_t empty = 0x7FFFFFFF00000000u;
    static constexpr std::int64_t longest = max_reach;  // its square < 0x7FFFFFFF
};

/// One slice of a map and who wants its rows.
struct Slice {
    const std::uint32_t* labels;
    std::int64_t z, height, width;
    std::int64_t reach;
    const std::function<void(const NearestTwoRow&)>& visit;
};

}  // namespace
}  // namespace unet
#endif

HWY_BEFORE_NAMESPACE();
namespace unet::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#include "unet/objects/nearest_pair.inl"

template <class Key>
class SliceSearch {
public:
    explicit SliceSearch(const Slice& slice)
        : slice_(slice),
          lanes_(static_cast<std::int64_t>(hn::Lanes(D()))),
          stride_(round_up(slice.width, lanes_)),
          margin_(slice.reach + lanes_),
          band_(std::max<std::int64_t>(64, slice.reach)),
          limit_(static_cast<Key>(slice.reach + 1) << Layout::id_bits),
          labels_(row_of(0, stride_)),
          above_(static_cast<std::size_t>(std::min(band_, slice.height))),
          column_{row_of(Layout::empty, stride_ + 2 * margin_),
                  row_of(Layout::empty, stride_ + 2 * margin_)},
          nearest_{row_of(Layout::empty, stride_), row_of(Layout::empty, stride_)},
          squared_(2 * static_cast<std::size_t>(slice.width)),
          ids_(2 * static_cast<std::size_t>(slice.width)) {
        for (auto& row : above_) row = empty_rows();
    }

    /// Bands of rows bound the memory: a band's pixels see `reach` rows below it.
    void run() {
        Rows state = empty_rows();
        for (std::int64_t y = 0; y < slice_.height; y += band_) {
            const std::int64_t end = std::min(y + band_, slice_.height);
            for (std::int64_t row = y; row < end; ++row) {
                sweep(row, state);
                above_[row - y] = state;
            }
            Rows below = empty_rows();
            for (std::int64_t row = std::min(end + slice_.reach, slice_.height) - 1; row >= end;
                 --row)
                sweep(row, below);
            for (std::int64_t row = end - 1; row >= y; --row) {
                sweep(row, below);
                merge(above_[row - y], below);
                search_row();
                hand_over(row);
            }
        }
    }

private:
    using Layout = KeyLayout<Key>;
    using D = hn::ScalableTag<Key>;
    using V = hn::Vec<D>;
    using Row = std::vector<Key>;
    struct Rows {
        Row first, second;
    };

    static V load(const Row& row, std::int64_t x) { return hn::LoadU(D(), row.data() + x); }
    static void store(V value, Row& row, std::int64_t x) { hn::StoreU(value, D(), row.data() + x); }
    static Row row_of(Key value, std::int64_t length) {
        return Row(static_cast<std::size_t>(length), value);
    }
    Rows empty_rows() const {
        return {row_of(Layout::empty, stride_), row_of(Layout::empty, stride_)};
    }

    /// Moves on to row `y`: per column, the two nearest among this row and those before it.
    void sweep(std::int64_t y, Rows& state) {
        const D d;
        const std::uint32_t* row = slice_.labels + y * slice_.width;
        std::copy(row, row + slice_.width, labels_.begin());
        const V limit = hn::Set(d, limit_);
        for (std::int64_t x = 0; x < stride_; x += lanes_) {
            Pair<V> pair{load(state.first, x), load(state.second, x)};
            step(d, pair, load(labels_, x), limit);
            store(pair.first, state.first, x);
            store(pair.second, state.second, x);
        }
    }

    /// Per column, the two nearest of both directions, distances squared.
    void merge(const Rows& above, const Rows& below) {
        const D d;
        for (std::int64_t x = 0; x < stride_; x += lanes_) {
            Pair<V> pair{load(below.first, x), load(below.second, x)};
            insert(d, pair, load(above.first, x));
            insert(d, pair, load(above.second, x));
            store(squared_key(d, pair.first), column_.first, margin_ + x);
            store(squared_key(d, pair.second), column_.second, margin_ + x);
        }
    }

    /// Along the row. The margins stay empty, so the search needs no bounds.
    void search_row() {
        for (std::int64_t x = 0; x < stride_; x += lanes_) {
            const Pair<V> pair = search(margin_ + x);
            store(pair.first, nearest_.first, x);
            store(pair.second, nearest_.second, x);
        }
    }

    /// The two nearest objects of the pixels x .. x + lanes - 1 over all columns within reach.
    Pair<V> search(std::int64_t x) const {
        const D d;
        Pair<V> pair{load(column_.first, x), load(column_.second, x)};
        for (std::int64_t offset = 1; offset <= slice_.reach; ++offset) {
            const V away = hn::Set(d, static_cast<Key>(offset * offset) << Layout::id_bits);
            // Nothing that far can be as near as any pixel's second object.
            if (hn::AllTrue(d, hn::Lt(pair.second, away))) break;
            const V left = hn::Add(load(column_.first, x - offset), away);
            const V right = hn::Add(load(column_.first, x + offset), away);
            // A column's second object is no nearer than its first.
            if (hn::AllFalse(d, hn::Lt(hn::Min(left, right), pair.second))) continue;
            insert(d, pair, left);
            insert(d, pair, right);
            insert(d, pair, hn::Add(load(column_.second, x - offset), away));
            insert(d, pair, hn::Add(load(column_.second, x + offset), away));
        }
        return pair;
    }

    void unpack(const Row& keys, std::int32_t* squared, std::uint32_t* ids) const {
        const Key beyond = (static_cast<Key>(slice_.reach * slice_.reach) + 1) << Layout::id_bits;
        for (std::int64_t x = 0; x < slice_.width; ++x) {
            const Key key = keys[x];
            const bool seen = key < beyond;
            squared[x] = seen ? static_cast<std::int32_t>(key >> Layout::id_bits) : beyond_reach;
            ids[x] = seen ? static_cast<std::uint32_t>(key & Layout::id_mask) : 0;
        }
    }

    void hand_over(std::int64_t y) {
        std::int32_t* second_squared = squared_.data() + slice_.width;
        std::uint32_t* second_id = ids_.data() + slice_.width;
        unpack(nearest_.first, squared_.data(), ids_.data());
        unpack(nearest_.second, second_squared, second_id);
        slice_.visit({.z = slice_.z,
                      .y = y,
                      .first_squared = squared_.data(),
                      .second_squared = second_squared,
                      .first_id = ids_.data(),
                      .second_id = second_id});
    }

    const Slice& slice_;
    std::int64_t lanes_, stride_, margin_, band_;
    Key limit_;
    Row labels_;
    std::vector<Rows> above_;  // the band's rows, per column what is above, distances not squared
    Rows column_, nearest_;
    std::vector<std::int32_t> squared_;
    std::vector<std::uint32_t> ids_;
};

void search_narrow(const Slice& slice) { SliceSearch<std::uint32_t>(slice).run(); }
void search_wide(const Slice& slice) { SliceSearch<std::uint64_t>(slice).run(); }

}  // namespace
}  // namespace unet::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet {
namespace {

HWY_EXPORT(search_narrow);
HWY_EXPORT(search_wide);

}  // namespace

void nearest_two(const LabelMap& map, std::int64_t reach,
                 const std::function<void(const NearestTwoRow&)>& visit) {
    if (reach < 0 || reach > max_reach)
        fail(ErrorCode::invalid_argument, "nearest objects: reach is {} pixels, accepted 0 to {}",
             reach, max_reach);
    const Size3& size = map.size;
    // Further than the diagonal, which is shorter than both edges together, there is nothing.
    reach = std::min(reach, size.height + size.width);
    std::uint32_t largest = 0;
    for (std::uint32_t value : map.values) largest = std::max(largest, value);
    using Narrow = KeyLayout<std::uint32_t>;
    const bool narrow = largest <= Narrow::id_mask && reach <= Narrow::longest;

    for (std::int64_t z = 0; z < size.depth; ++z) {
        const Slice slice{map.plane(z), z, size.height, size.width, reach, visit};
        if (narrow)
            HWY_DYNAMIC_DISPATCH(search_narrow)(slice);
        else
            HWY_DYNAMIC_DISPATCH(search_wide)(slice);
    }
}

NearestTwo nearest_two(const LabelMap& map, std::int64_t reach) {
    const std::size_t pixels = map.values.size();
    NearestTwo result{map.size, std::vector<std::int32_t>(pixels),
                      std::vector<std::int32_t>(pixels), std::vector<std::uint32_t>(pixels),
                      std::vector<std::uint32_t>(pixels)};
    nearest_two(map, reach, [&](const NearestTwoRow& row) {
        const std::int64_t width = map.size.width;
        const std::int64_t start = (row.z * map.size.height + row.y) * width;
        std::copy_n(row.first_squared, width, result.first_squared.begin() + start);
        std::copy_n(row.second_squared, width, result.second_squared.begin() + start);
        std::copy_n(row.first_id, width, result.first_id.begin() + start);
        std::copy_n(row.second_id, width, result.second_id.begin() + start);
    });
    return result;
}

}  // namespace unet
#endif
