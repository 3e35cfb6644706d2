#include "unet/image/nifti/nifti_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace unet {
namespace {

using Vector = std::array<double, 3>;

Vector cross(const Vector& a, const Vector& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// Columns of the rotation by a quaternion without its first number (nifti1.h, method 2).
std::array<Vector, 3> rotation(double b, double c, double d) {
    const double rest = 1.0 - (b * b + c * c + d * d);
    double a = 0.0;
    if (constexpr double least = 1e-7; rest < least) {  // half a turn, rounded
        const double length = std::sqrt(b * b + c * c + d * d);
        b /= length;
        c /= length;
        d /= length;
    } else {
        a = std::sqrt(rest);
    }
    return {{{a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)},
             {2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)},
             {2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c}}};
}

/// Step [2] is that of x, the fastest axis of the file.
template <class Header>
void take_sform(const Header& header, Place& place) {
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t axis = 0; axis < 3; ++axis)
            place.step[2 - axis][row] = as_typed(header.srow[4 * row + axis]);
        place.origin[row] = as_typed(header.srow[4 * row + 3]);
    }
}

template <class Header>
void take_qform(const Header& header, Place& place) {
    const auto columns = rotation(as_typed(header.quatern[0]), as_typed(header.quatern[1]),
                                  as_typed(header.quatern[2]));
    for (std::size_t axis = 0; axis < 3; ++axis) {
        double size = std::fabs(as_typed(header.pixdim[axis + 1]));
        if (axis == 2 && header.pixdim[0] < 0) size = -size;
        for (std::size_t row = 0; row < 3; ++row)
            place.step[2 - axis][row] = columns[axis][row] * size;
    }
    for (std::size_t row = 0; row < 3; ++row) place.origin[row] = as_typed(header.qoffset[row]);
}

/// False where no pixel would have a place of its own.
template <class Header>
bool take_place(const Header& header, Place& place) {
    const auto length = [&](std::size_t axis) {
        return static_cast<std::size_t>(header.dim[0]) >= axis
                   ? static_cast<std::int64_t>(header.dim[axis])
                   : 1;
    };
    place.size = {length(3), length(2), length(1)};
    if (header.sform_code > 0)
        take_sform(header, place);
    else
        take_qform(header, place);
    constexpr int space = 7;  // NIFTI_UNITS_*: none, metre, millimetre, micrometre
    constexpr const char* units[] = {"", "m", "mm", "um", "", "", "", ""};
    place.unit = units[header.xyzt_units & space];
    // A plane need not say how far the next one would be.
    auto& slices = place.step[0];
    if (place.size.depth == 1 && dot(slices, slices) == 0.0)
        slices = cross(place.step[2], place.step[1]);
    const double volume = dot(slices, cross(place.step[2], place.step[1]));
    return std::isfinite(volume) && volume != 0.0 &&
           std::all_of(place.origin.begin(), place.origin.end(),
                       [](double value) { return std::isfinite(value); });
}

template <class Header>
std::optional<Place> place_in(const Header& header) {
    std::optional<Place> place;
    if (header.sform_code <= 0 && header.qform_code <= 0) return place;
    place.emplace();
    if (!take_place(header, *place)) place.reset();
    return place;
}

}  // namespace

double as_typed(float value) {
    double typed = 0.0;
    const std::string text = fmt::format("{}", value);
    std::from_chars(text.data(), text.data() + text.size(), typed);
    return typed;
}

std::optional<Place> nifti_place(const Nifti1& header) { return place_in(header); }
std::optional<Place> nifti_place(const Nifti2& header) { return place_in(header); }

}  // namespace unet
