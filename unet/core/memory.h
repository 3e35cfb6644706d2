#pragma once

#include <cstddef>
#include <vector>

#include "unet/core/system/memory.h"

namespace unet {

/// Uninitialised memory for arrays that are walked through in large strides: aligned to 64 bytes,
/// or to a huge page where it has room for one, and then in huge pages where the system gives them
/// (a network's tensors would need tens of thousands of small ones). Null if there is none left; to
/// be given back with system::free_aligned.
void* allocate_array(std::size_t bytes) noexcept;

/// As reserve(), with huge pages.
template <class Value>
void reserve_array(std::vector<Value>& values, std::size_t count) {
    if (count <= values.capacity()) return;
    values.reserve(count);
    std::byte* free = reinterpret_cast<std::byte*>(values.data() + values.size());
    system::use_huge_pages(free, (values.capacity() - values.size()) * sizeof(Value));
}

/// The same where the values need not be kept: old and new ones are not there at once.
template <class Value>
void make_room(std::vector<Value>& values, std::size_t count) {
    if (count <= values.capacity()) return;
    values = {};
    reserve_array(values, count);
}

/// So many zeros, in huge pages.
template <class Value>
std::vector<Value> made_array(std::size_t count) {
    std::vector<Value> values;
    reserve_array(values, count);
    values.resize(count);
    return values;
}

}  // namespace unet
