#include "unet/core/time_left.h"

#include <algorithm>

namespace unet {
namespace {

// One step may be ten times as slow as another; the mean of ten is right within a few tenths. Where
// there are few, each a good part of the work, two of them have to do.
constexpr double least_seconds = 5.0;
constexpr std::int64_t least_steps = 10;
constexpr double good_share = 0.1;

}  // namespace

void TimeLeft::reached(double now, double share) {
    if (seen_++ == 0) {
        first_now_ = now;
        first_share_ = share;
    }
    now_ = now;
    share_ = share;
}

std::optional<double> TimeLeft::seconds() const {
    const double took = now_ - first_now_, done = share_ - first_share_;
    const bool enough = seen_ > least_steps || done >= good_share;
    if (!enough || took < least_seconds || done <= 0.0) return std::nullopt;
    return std::max(0.0, (1.0 - share_) * took / done);
}

}  // namespace unet
