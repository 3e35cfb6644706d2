#include "unet/image/nifti/nifti_header.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "unet/core/error.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/nifti/nifti_layout.h"
#include "unet/image/nifti/nifti_place.h"

namespace unet {
namespace {

/// Whole numbers that the standard stores as floats.
std::int64_t whole(float value) {
    constexpr float most = 9e15f;
    return value >= 0.0f && value <= most ? static_cast<std::int64_t>(value) : -1;
}
std::int64_t whole(std::int64_t value) { return value; }

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

/// Nothing where the bytes are not those of such a header in this byte order.
template <class Header>
std::optional<NiftiHeader> parse(std::span<const std::byte> bytes, bool swapped) {
    if (bytes.size() < Header::bytes) return {};
    Header stored{};
    std::memcpy(&stored, bytes.data(), Header::bytes);
    if (swapped) swap_numbers(stored);
    if (stored.sizeof_hdr != std::int32_t{Header::bytes}) return {};
    const std::string_view magic(stored.magic, 3), own(Header::magic_text, 3);
    const bool single = magic == own;
    if (!single && !(magic.starts_with("ni") && magic[2] == own[2])) return {};
    NiftiHeader header{.version = Header::version, .swapped = swapped, .single = single};
    std::copy_n(stored.dim, header.dim.size(), header.dim.begin());
    header.data_type = stored.datatype;
    header.bits = stored.bitpix;
    header.data_offset = whole(stored.vox_offset);
    header.slope = stored.scl_slope;
    header.intercept = stored.scl_inter;
    header.spacing = spacing_of(
        {as_typed(stored.pixdim[1]), as_typed(stored.pixdim[2]), as_typed(stored.pixdim[3])},
        stored.xyzt_units);
    header.place = nifti_place(stored);
    return header;
}

}  // namespace

std::optional<NiftiHeader> parse_nifti_header(std::span<const std::byte> bytes) {
    for (const bool swapped : {false, true}) {
        if (const auto header = parse<Nifti2>(bytes, swapped)) return header;
        if (const auto header = parse<Nifti1>(bytes, swapped)) return header;
    }
    return {};
}

std::vector<std::byte> read_nifti_header(GzipStream& stream) {
    // A file of version 1 may be shorter than a header of version 2.
    for (const std::size_t count : {Nifti2::bytes, Nifti1::bytes}) {
        std::vector<std::byte> bytes(count);
        if (stream.read(0, bytes)) return bytes;
    }
    return {};
}

bool is_nifti(const std::filesystem::path& path) {
    try {
        GzipStream stream(path);
        return parse_nifti_header(read_nifti_header(stream)).has_value();
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
