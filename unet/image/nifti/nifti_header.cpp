#include "unet/image/nifti/nifti_header.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "unet/core/error.h"
#include "unet/image/nifti/gzip_stream.h"

namespace unet {
namespace {

constexpr std::size_t bytes_1 = 348, bytes_2 = 540;

/// Numbers at fixed places, in the byte order of the file.
class Fields {
public:
    Fields(std::span<const std::byte> bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

    template <class T>
    T at(std::size_t offset) const {
        std::array<std::byte, sizeof(T)> raw;
        std::memcpy(raw.data(), bytes_.data() + offset, sizeof(T));
        if (swapped_) std::reverse(raw.begin(), raw.end());
        T value;
        std::memcpy(&value, raw.data(), sizeof(T));
        return value;
    }

private:
    std::span<const std::byte> bytes_;
    bool swapped_;
};

/// Whole numbers that the standard stores as floats.
std::int64_t whole(double value) {
    constexpr double most = 9e15;
    return value >= 0.0 && value <= most ? static_cast<std::int64_t>(value) : -1;
}

Spacing spacing_of(std::array<double, 3> pixdim, int units) {
    constexpr int space = 7, metre = 1, micrometre = 3;  // NIFTI_UNITS_*
    Spacing spacing;
    const bool said = (units & space) != 0;
    for (double& size : pixdim) {
        size = std::fabs(size);
        if (!std::isfinite(size)) size = 0.0;
        if ((units & space) == metre) size *= 1e3;
    }
    if (!said && pixdim == std::array{1.0, 1.0, 1.0}) return spacing;
    spacing.size = {pixdim[2], pixdim[1], pixdim[0]};
    if (spacing.known()) spacing.unit = (units & space) == micrometre ? "um" : "mm";
    return spacing;
}

/// The numbers as they were written: float32 0.3 is 0.3, not 0.300000012.
double as_typed(float value) {
    double typed = 0.0;
    const std::string text = fmt::format("{}", value);
    std::from_chars(text.data(), text.data() + text.size(), typed);
    return typed;
}

NiftiHeader parse_1(const Fields& fields) {
    NiftiHeader header;
    for (std::size_t i = 0; i < 8; ++i) header.dim[i] = fields.at<std::int16_t>(40 + 2 * i);
    header.data_type = fields.at<std::int16_t>(70);
    header.bits = fields.at<std::int16_t>(72);
    header.data_offset = whole(fields.at<float>(108));
    header.slope = fields.at<float>(112);
    header.intercept = fields.at<float>(116);
    header.spacing = spacing_of({as_typed(fields.at<float>(80)), as_typed(fields.at<float>(84)),
                                 as_typed(fields.at<float>(88))},
                                fields.at<std::uint8_t>(123));
    return header;
}

NiftiHeader parse_2(const Fields& fields) {
    NiftiHeader header;
    header.version = 2;
    for (std::size_t i = 0; i < 8; ++i) header.dim[i] = fields.at<std::int64_t>(16 + 8 * i);
    header.data_type = fields.at<std::int16_t>(12);
    header.bits = fields.at<std::int16_t>(14);
    header.data_offset = fields.at<std::int64_t>(168);
    header.slope = fields.at<double>(176);
    header.intercept = fields.at<double>(184);
    header.spacing =
        spacing_of({fields.at<double>(112), fields.at<double>(120), fields.at<double>(128)},
                   fields.at<std::int32_t>(500));
    return header;
}

std::string_view text_at(std::span<const std::byte> bytes, std::size_t offset) {
    return {reinterpret_cast<const char*>(bytes.data()) + offset, 3};
}

}  // namespace

std::optional<NiftiHeader> parse_nifti_header(std::span<const std::byte> bytes) {
    if (bytes.size() < bytes_1) return {};
    for (const bool swapped : {false, true}) {
        const Fields fields(bytes, swapped);
        const auto size = static_cast<std::size_t>(fields.at<std::uint32_t>(0));
        const bool second = size == bytes_2 && bytes.size() >= bytes_2;
        if (!second && size != bytes_1) continue;
        const std::string_view magic = text_at(bytes, second ? 4 : 344);
        if (magic != (second ? "n+2" : "n+1") && magic != (second ? "ni2" : "ni1")) return {};
        NiftiHeader header = second ? parse_2(fields) : parse_1(fields);
        header.swapped = swapped;
        header.single = magic[1] == '+';
        return header;
    }
    return {};
}

bool is_nifti(const std::filesystem::path& path) {
    try {
        GzipStream stream(path);
        std::vector<std::byte> bytes(most_nifti_header_bytes);
        if (!stream.read(0, bytes)) {
            bytes.resize(bytes_1);
            if (!stream.read(0, bytes)) return false;
        }
        return parse_nifti_header(bytes).has_value();
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
