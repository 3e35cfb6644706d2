#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace unet {

/// An axis along which the pages of a file count.
struct Axis {
    char letter;  ///< T time, Z slice, C channel
    std::int64_t length = 1;
    bool operator==(const Axis&) const = default;
};

/// Which time, slice and channel each page of a file is. Inside the program the order is always
/// channel, time, slice: slices of a later time follow those of an earlier one.
class PageOrder {
public:
    /// One page.
    PageOrder() = default;
    /// `axes` from the slowest to the fastest. Letters other than T, Z, C count as time. Nothing if
    /// they do not make `pages` pages.
    static std::optional<PageOrder> of(const std::vector<Axis>& axes, std::int64_t pages);

    const std::vector<Axis>& axes() const noexcept { return axes_; }
    std::int64_t times() const noexcept { return lengths_[0]; }
    std::int64_t slices() const noexcept { return lengths_[1]; }  ///< of one time
    std::int64_t channels() const noexcept { return lengths_[2]; }
    std::int64_t pages() const noexcept { return lengths_[0] * lengths_[1] * lengths_[2]; }

    /// The number of a page in the file; `slice` counts through all times.
    std::int64_t page(std::int64_t slice, std::int64_t channel) const noexcept;

private:
    std::vector<Axis> axes_;
    std::int64_t lengths_[3] = {1, 1, 1};  ///< T, Z, C
};

/// The order that `axes` gives to the `pages` of a file, in place of what it says itself (`known`):
/// letters T, Z, C from the slowest to the fastest, then YX (and S, samples of a pixel): "ZYX",
/// "TZCYX". A number behind a letter is its length: "TZ5YX". A letter without one takes its length
/// in `known`, or, where it is the only one, what is left of the pages. Throws
/// Error(invalid_argument) that begins with `where` for anything else, and for lengths that do not
/// make the pages.
PageOrder reordered(const std::vector<Axis>& known, std::int64_t pages, std::string_view axes,
                    std::string_view where);

/// "T 2, Z 3, C 2".
std::string to_string(const std::vector<Axis>& axes);

}  // namespace unet
