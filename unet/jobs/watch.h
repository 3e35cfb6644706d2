#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "unet/data/pairs.h"

namespace unet {

/// What a job that goes from image to image tells, and is asked, while it works; each may be empty.
struct JobWatch {
    /// Before image `index` (from 0) of `count`.
    std::function<void(std::size_t index, std::size_t count, const std::string& name)> begin{};
    /// Tiles of the image that was begun last.
    std::function<void(std::int64_t done, std::int64_t total)> progress{};
    std::function<bool()> cancelled{};  ///< asked between tiles; true throws Error(cancelled)
    Notice notice{};                    ///< on the image that was begun last, or on all of them
};

}  // namespace unet
