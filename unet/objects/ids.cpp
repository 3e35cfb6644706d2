#include "unet/objects/ids.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::uint32_t unseen = 0xFFFFFFFFu;

}  // namespace

void check_ids(std::int64_t count, std::string_view what, const Size3& size) {
    if (count > most_ids)
        fail(ErrorCode::unsupported,
             "found more than {} {} in a map of {}, and their numbers have 32 bits: parts of it, "
             "or a larger smallest object, give fewer",
             most_ids, what, to_string(size));
}

IdTable::IdTable(std::span<const std::uint32_t> values) {
    std::uint32_t largest = 0;
    for (std::uint32_t value : values) largest = std::max(largest, value);
    // A table by id is fastest; it may take a few times the memory of the map, never more.
    const bool small = largest <= 65536 + 4 * values.size() && largest != unseen;
    if (small) table_.assign(std::size_t{largest} + 1, unseen);

    std::uint32_t previous = 0;  // neighbours are mostly equal: one look-up a run
    for (std::uint32_t value : values) {
        if (value == previous) continue;
        previous = value;
        if (value == 0) continue;
        const auto next = static_cast<std::uint32_t>(ids_.size());
        if (small) {
            if (table_[value] != unseen) continue;
            table_[value] = next;
        } else if (!map_.try_emplace(value, next).second) {
            continue;
        }
        ids_.push_back(value);
    }
}

std::int64_t relabel(LabelMap& map) {
    const IdTable table(map.values);
    std::uint32_t previous = 0, replacement = 0;
    for (std::uint32_t& value : map.values) {
        if (value != previous) {
            previous = value;
            replacement = value == 0 ? 0 : table.index(value) + 1;
        }
        value = replacement;
    }
    return table.count();
}

}  // namespace unet
