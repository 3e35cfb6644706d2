#include "unet/data/comparing/overlay.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/core/text/units.h"

namespace unet {
namespace {

using Vector = std::array<double, 3>;

constexpr double half_a_pixel = 0.5;

std::array<std::int64_t, 3> lengths_of(const Size3& size) {
    return {size.depth, size.height, size.width};
}

Vector cross(const Vector& a, const Vector& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// `v` in steps of `place` (Cramer's rule).
Vector in_steps(const Vector& v, const Place& place) {
    const auto& [a, b, c] = place.step;
    const double volume = dot(a, cross(b, c));
    return {dot(v, cross(b, c)) / volume, dot(a, cross(v, c)) / volume,
            dot(a, cross(b, v)) / volume};
}

/// The place of a file as the pixels of another see it.
struct Relative {
    std::array<Vector, 3> step;  ///< of each axis of the file, in pixels of the reference
    Vector first;                ///< where its first pixel is
};

Relative relative_to(const Place& reference, const Place& file) {
    // A file without a unit has that of its partner.
    double scale = 1.0;
    const LengthUnit *theirs = length_unit(file.unit), *ours = length_unit(reference.unit);
    if (theirs != nullptr && ours != nullptr) scale = theirs->micrometres / ours->micrometres;
    Relative relative;
    Vector between;
    for (std::size_t i = 0; i < 3; ++i) between[i] = scale * file.origin[i] - reference.origin[i];
    relative.first = in_steps(between, reference);
    for (std::size_t k = 0; k < 3; ++k) {
        Vector step = in_steps(file.step[k], reference);
        for (double& part : step) part *= scale;
        // The next slice of a plane is nowhere: only its direction counts.
        const double most = std::max({std::fabs(step[0]), std::fabs(step[1]), std::fabs(step[2])});
        if (lengths_of(file.size)[k] == 1 && most > 0.0)
            for (double& part : step) part /= most;
        relative.step[k] = step;
    }
    return relative;
}

/// The turn that comes nearest; nothing where axes are no axes of the other.
std::optional<Turn> nearest_turn(const Relative& relative) {
    Turn turn;
    for (std::size_t i = 0; i < 3; ++i) {
        std::size_t& k = turn.axis[i];
        k = 0;
        for (std::size_t other = 1; other < 3; ++other)
            if (std::fabs(relative.step[other][i]) > std::fabs(relative.step[k][i])) k = other;
        turn.flipped[i] = relative.step[k][i] < 0.0;
    }
    const auto& axis = turn.axis;
    if (axis[0] == axis[1] || axis[0] == axis[2] || axis[1] == axis[2]) return {};
    return turn;
}

/// How far pixels of the turned file are from those that they are laid on, at most: at its corners,
/// in pixels, along the axes on which both are equally long. NaN where an axis is turned on which
/// they are not.
double distance_of(const Relative& relative, const Turn& turn, const Place& reference,
                   const Place& file) {
    const auto ours = lengths_of(reference.size), theirs = lengths_of(file.size);
    double most = 0.0;
    for (unsigned corner = 0; corner < 8; ++corner) {
        Vector index;
        for (std::size_t k = 0; k < 3; ++k)
            index[k] = (corner >> k & 1) != 0 ? static_cast<double>(theirs[k] - 1) : 0.0;
        for (std::size_t i = 0; i < 3; ++i) {
            const std::size_t k = turn.axis[i];
            if (ours[i] != theirs[k]) {
                if (k != i || turn.flipped[i]) return std::nan("");
                continue;
            }
            double place = relative.first[i];
            for (std::size_t j = 0; j < 3; ++j) place += relative.step[j][i] * index[j];
            const double expected =
                turn.flipped[i] ? static_cast<double>(theirs[k] - 1) - index[k] : index[k];
            most = std::max(most, std::fabs(place - expected));
        }
    }
    return most;
}

}  // namespace

Turn turn_onto(const Place& reference, const std::string& reference_name, const Place& file,
               const std::string& file_name) {
    const Relative relative = relative_to(reference, file);
    auto turn = nearest_turn(relative);
    for (std::size_t i = 0; turn && i < 3; ++i)
        if (lengths_of(file.size)[turn->axis[i]] == 1) turn->flipped[i] = false;
    const double distance = turn ? distance_of(relative, *turn, reference, file) : std::nan("");
    if (distance <= half_a_pixel) return *turn;
    fail_setting(
        "by_pixels", ErrorCode::shape_mismatch,
        "{} lies elsewhere in space than {}: found {}; {} has {}. {}; resample one of them onto "
        "the other, or, where their pixels belong together as they are stored, give `by_pixels`",
        file_name, reference_name, to_string(file), reference_name, to_string(reference),
        std::isnan(distance)
            ? std::string("No order of axes brings them together")
            : fmt::format("Pixels come to lie as far as {:.3g} pixels apart, expected {} at most",
                          distance, half_a_pixel));
}

std::string to_string(const Turn& turn) {
    constexpr const char* names[] = {"slices", "rows", "columns"};
    std::string text;
    for (std::size_t i = 0; i < 3; ++i) {
        if (turn.axis[i] == i && !turn.flipped[i]) continue;
        text += text.empty() ? "" : ", ";
        if (turn.axis[i] != i) text += fmt::format("{} for ", names[turn.axis[i]]);
        text += names[i];
        if (turn.flipped[i]) text += " backwards";
    }
    return text;
}

void Overlay::Kind::add(const std::string& pair) {
    if (count++ == 0) first = pair;
}

ReadOptions Overlay::place(const std::filesystem::path& reference,
                           const std::filesystem::path& file) {
    ++pairs_;
    if (reading_.by_pixels) return reading_;
    const auto ours = place_of(reference), theirs = place_of(file);
    if (!ours || !theirs) {
        const bool first = ours && !ours->by_default();
        if (first || (theirs && !theirs->by_default()))
            unsaid_.add(fmt::format("{}, beside {}", (first ? file : reference).string(),
                                    (first ? reference : file).string()));
        return reading_;
    }
    ReadOptions options = reading_;
    try {
        options.turn = turn_onto(*ours, reference.string(), *theirs, file.string());
        const bool slices = options.turn.axis[0] != 0 || options.turn.flipped[0];
        if (slices && !options.axes.empty())
            fail_setting("axes", ErrorCode::invalid_argument,
                         "{} has to be turned to lie on {} ({}), and `axes` {} makes something "
                         "else of its slices; leave `axes` out, or give `by_pixels`",
                         file.string(), reference.string(), to_string(options.turn), options.axes);
        if (!options.turn.none())
            turned_.add(fmt::format("{} on {}: {}", file.string(), reference.string(),
                                    to_string(options.turn)));
    } catch (const Error&) {
        if (!ours->by_default() && !theirs->by_default()) throw;
        options.turn = {};
        const bool first = theirs->by_default();
        unplaced_.add(fmt::format("{}, beside {} with {}", (first ? file : reference).string(),
                                  (first ? reference : file).string(),
                                  to_string(first ? *ours : *theirs)));
    }
    return options;
}

std::vector<std::string> Overlay::notes() const {
    std::vector<std::string> notes;
    if (turned_.count > 0)
        notes.push_back(
            fmt::format("{} of {} files were turned onto their partners, as both say how they lie "
                        "in space ({})",
                        turned_.count, pairs_, turned_.first));
    if (unplaced_.count > 0)
        notes.push_back(fmt::format(
            "{} of {} pairs of files were laid over each other pixel by pixel, as one of them only "
            "has the place that programs write without meaning it ({})",
            unplaced_.count, pairs_, unplaced_.first));
    if (unsaid_.count > 0)
        notes.push_back(fmt::format(
            "{} of {} pairs of files were laid over each other pixel by pixel, as only one of them "
            "says how it lies in space ({})",
            unsaid_.count, pairs_, unsaid_.first));
    return notes;
}

}  // namespace unet
