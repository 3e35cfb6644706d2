#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "unet/jobs/inputs.h"

namespace unet {

/// What a job over files asks and says while it works, on the thread that called it. Each may be
/// empty.
struct JobHooks {
    std::function<bool()> cancelled{};  ///< asked between files, and between tiles; true ends it
    /// A file begins, the `number`-th (from 0) of `of`.
    std::function<void(const Input& input, std::size_t number, std::size_t of)> begin{};
    /// How far the file at hand is.
    std::function<void(std::int64_t done, std::int64_t total)> progress{};
    /// Worth telling about the file at hand.
    std::function<void(const std::string& text)> note{};
};

}  // namespace unet
