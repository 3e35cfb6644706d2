#pragma once

#include <cstdint>
#include <optional>

namespace unet {

/// How long work will still take, from how it went so far. Says nothing before it knows.
class TimeLeft {
public:
    /// At `now`, seconds on any clock, the part `share` of the work is done, 0 .. 1. The first call
    /// begins the measure: what was done before it (reading, planning, work of a command before
    /// this one, a first step that touches all memory) says nothing about the rest.
    void reached(double now, double share);

    /// Seconds from the last reached() to the end; nothing until some seconds and steps, or a good
    /// part of the work, were seen.
    std::optional<double> seconds() const;

private:
    std::int64_t seen_ = 0;  ///< calls
    double first_now_ = 0.0, first_share_ = 0.0;
    double now_ = 0.0, share_ = 0.0;
};

}  // namespace unet
