#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unet {

/// Slices picked from a stack, in the order given. Slices count from 0; a page that a file calls a
/// channel is not a slice.
struct PageRange {
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;  ///< first and last, both included

    /// The picked ones of `available` slices (or what else `what` says). `where` begins the message
    /// (a file name). Throws Error(invalid_argument) if one lies beyond the end, saying how
    /// many there are.
    std::vector<std::int64_t> resolve(std::int64_t available, std::string_view where,
                                      std::string_view what = "page") const;
};

/// "3", "0-17" or "0-2,5". `where` begins the message ("`pages`").
/// Throws Error(invalid_argument) that names `setting` for anything else, and for a slice named
/// twice.
PageRange parse_pages(std::string_view text, std::string_view where,
                      const std::string& setting = {});

}  // namespace unet
