#pragma once

#include <string>

#include "unet/core/context.h"

namespace unet::bench {

/// Fused multiply-adds per second (as 2 operations each) that the threads of the context reach
/// together in registers, with the instruction set that a kernel table is named after ("avx512",
/// "avx2-direct", ...; the widest there is for other names). 0 where there is no loop for it.
double fma_peak(Context& context, const std::string& table);

/// Bytes read plus bytes written per second by threads that copy memory far larger than any cache.
double copy_bandwidth(Context& context);

}  // namespace unet::bench
