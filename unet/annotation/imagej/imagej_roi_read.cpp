#include <array>
#include <bit>
#include <cmath>
#include <string_view>

#include "unet/annotation/imagej/imagej_roi.h"
#include "unet/annotation/imagej/imagej_shapes.h"
#include "unet/core/bytes.h"
#include "unet/core/error.h"

namespace unet {
namespace {

enum Kind { polygon = 0, rectangle = 1, oval = 2, freehand = 7, traced = 8 };
constexpr std::size_t header_bytes = 64;

/// Big-endian numbers of one region.
class RoiBytes {
public:
    RoiBytes(std::span<const std::byte> bytes, std::string where)
        : bytes_(bytes), where_(std::move(where)) {}

    std::int64_t byte(std::size_t at) const { return number(at, 1); }
    std::int64_t half(std::size_t at) const { return number(at, 2); }
    std::int64_t signed_half(std::size_t at) const { return static_cast<std::int16_t>(half(at)); }
    std::int64_t word(std::size_t at) const { return static_cast<std::int32_t>(number(at, 4)); }
    double real(std::size_t at) const {
        const double value = std::bit_cast<float>(static_cast<std::uint32_t>(number(at, 4)));
        if (!std::isfinite(value)) return std::nan("");
        if (!(std::abs(value) <= most_coordinate))
            fail(ErrorCode::corrupt_file, "{}: found the coordinate {}, expected one in pixels",
                 where_, value);
        return value;
    }
    /// `count` entries of `width` bytes must be there.
    void expect(std::size_t at, std::int64_t count, std::size_t width) const {
        if (count < 0 || at > bytes_.size() ||
            static_cast<std::size_t>(count) > (bytes_.size() - at) / width)
            fail(ErrorCode::corrupt_file,
                 "{}: the region is cut off: found {} bytes, expected {} points more; save it "
                 "again from ImageJ",
                 where_, bytes_.size(), count);
    }
    const std::string& where() const { return where_; }

private:
    std::int64_t number(std::size_t at, std::size_t width) const {
        expect(at, 1, width);
        return static_cast<std::int64_t>(whole_number(bytes_.subspan(at, width), std::endian::big));
    }

    std::span<const std::byte> bytes_;
    std::string where_;
};

struct Box {
    double top, left, bottom, right;
};

/// In whole pixels: ImageJ fills rectangles and ovals by this box even where it knows a finer one.
Box box_of(const RoiBytes& roi) {
    return {static_cast<double>(roi.signed_half(8)), static_cast<double>(roi.signed_half(10)),
            static_cast<double>(roi.signed_half(12)), static_cast<double>(roi.signed_half(14))};
}

Curve points_of(const RoiBytes& roi) {
    constexpr std::int64_t exact_points = 128, version_with_exact_points = 222;
    const std::int64_t count = roi.half(16);
    const bool exact =
        (roi.half(50) & exact_points) != 0 && roi.half(4) >= version_with_exact_points;
    roi.expect(header_bytes, count, exact ? 12 : 4);
    const Box box = box_of(roi);
    const auto n = static_cast<std::size_t>(count);
    Curve curve;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t x = header_bytes + 2 * i, fine_x = header_bytes + 4 * n + 4 * i;
        if (exact)
            curve.push_back({roi.real(fine_x + 4 * n), roi.real(fine_x)});
        else
            curve.push_back({box.top + static_cast<double>(roi.signed_half(x + 2 * n)),
                             box.left + static_cast<double>(roi.signed_half(x))});
    }
    return curve;
}

/// The path of a composite: its curves, bends as many short lines.
std::vector<Curve> path_of(const RoiBytes& roi, std::int64_t numbers) {
    enum Segment { move = 0, line = 1, quadratic = 2, cubic = 3 };  // 4 closes
    roi.expect(header_bytes, numbers, 4);
    std::vector<Curve> curves;
    const auto end = header_bytes + 4 * static_cast<std::size_t>(numbers);
    for (std::size_t at = header_bytes; at < end;) {
        const double number = roi.real(at);
        constexpr std::array<std::size_t, 5> points_after{1, 1, 2, 3, 0};
        const bool known = number >= 0.0 && number <= 4.0 && number == std::floor(number);
        const int segment = known ? static_cast<int>(number) : -1;
        const std::size_t points = known ? points_after[segment] : 0;
        if (!known || (curves.empty() && segment != move) || at + 4 + 8 * points > end)
            fail(ErrorCode::corrupt_file, "{}: the path of the region is damaged", roi.where());
        std::array<PlacePoint, 3> to{};
        for (std::size_t i = 0; i < points; ++i)
            to[i] = {roi.real(at + 8 + 8 * i), roi.real(at + 4 + 8 * i)};
        if (segment == move)
            curves.push_back({to[0]});
        else if (segment == line)
            curves.back().push_back(to[0]);
        else if (segment == quadratic)
            append_quadratic(curves.back(), to[0], to[1]);
        else if (segment == cubic)
            append_cubic(curves.back(), to[0], to[1], to[2]);
        at += 4 + 8 * points;
    }
    return curves;
}

void read_place(const RoiBytes& roi, Annotation& annotation) {
    const auto second = static_cast<std::size_t>(roi.word(60));
    annotation.place.page = roi.word(56) - 1;
    if (second == 0) return;
    const std::int64_t z = roi.word(second + 8), t = roi.word(second + 12);
    if (z > 0) annotation.place.z = z - 1;
    if (t > 0) annotation.place.t = t - 1;
    if (z > 0 || t > 0) annotation.place.page = -1;
    constexpr std::int64_t version_with_groups = 228;
    const std::int64_t group = roi.half(4) >= version_with_groups ? roi.byte(second + 30) : 0;
    if (group > 0) annotation.class_name = fmt::format("group {}", group);
}

/// False for what has no area.
bool read_shape(const RoiBytes& roi, Annotation& annotation) {
    constexpr std::int64_t spline = 1, cut_off_corners = 0;
    const std::int64_t kind = roi.byte(6), composite = roi.word(36);
    const bool subtype_is_text = roi.half(48) == 1 || roi.half(48) == 4;  // text, image
    if (composite > 0) {
        annotation.pieces = {path_of(roi, composite)};
        return true;
    }
    if (subtype_is_text) return false;
    const Box box = box_of(roi);
    switch (kind) {
        case rectangle: {
            const auto arc = static_cast<double>(roi.half(54));
            const Curve curve = arc > cut_off_corners
                                    ? rounded_curve(box.top, box.left, box.bottom, box.right, arc)
                                    : Curve{{box.top, box.left},
                                            {box.top, box.right},
                                            {box.bottom, box.right},
                                            {box.bottom, box.left}};
            annotation.pieces = {{curve}};
            return true;
        }
        case oval:
            annotation.pieces = {
                {oval_curve(box.top, box.left, box.bottom - box.top, box.right - box.left)}};
            return true;
        case polygon:
        case freehand:
        case traced:
            if (kind == polygon && (roi.half(50) & spline) != 0)
                fail(ErrorCode::unsupported,
                     "{}: found a spline curve, expected a polygon; in ImageJ: Edit > Selection > "
                     "Interpolate, then save it again",
                     roi.where());
            annotation.pieces = {{points_of(roi)}};
            return true;
        default:
            return false;
    }
}

}  // namespace

void read_roi(std::span<const std::byte> bytes, const std::string& where, const std::string& name,
              AnnotatedImage& result) {
    constexpr std::string_view mark = "Iout";
    if (bytes.size() < header_bytes ||
        std::string_view(reinterpret_cast<const char*>(bytes.data()), mark.size()) != mark)
        fail(ErrorCode::corrupt_file,
             "{}: found {} bytes that are no region of ImageJ, expected a .roi as the ROI Manager "
             "saves it",
             where, bytes.size());
    const RoiBytes roi(bytes, where);
    Annotation annotation;
    annotation.where = where;
    annotation.name = name;
    annotation.may_cross = true;
    read_place(roi, annotation);
    if (read_shape(roi, annotation))
        result.annotations.push_back(std::move(annotation));
    else
        ++result.left_out[LeftOut::no_area];
}

}  // namespace unet
