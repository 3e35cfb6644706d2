#pragma once

#include <cstddef>

namespace unet {

/// Uninitialised memory for arrays that are walked through in large strides: aligned to 64 bytes,
/// or to a huge page where it has room for one, and then in huge pages where the system gives them
/// (a network's tensors would need tens of thousands of small ones). Null if there is none left; to
/// be given back with std::free.
void* allocate_array(std::size_t bytes) noexcept;

}  // namespace unet
