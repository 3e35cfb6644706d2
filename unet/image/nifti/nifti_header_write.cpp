#include "unet/image/nifti/nifti_header_write.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/text/units.h"
#include "unet/image/format.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/nifti/nifti_header.h"
#include "unet/image/nifti/nifti_layout.h"
#include "unet/image/sample_bytes.h"

namespace unet {
namespace {

/// What the versions store in different widths.
template <class Number, class Value>
void assign(Number& number, Value value) {
    number = static_cast<Number>(value);
}

std::int64_t length_of(const NiftiHeader& header, std::size_t axis) {
    return static_cast<std::int64_t>(axis) <= header.dim[0] ? header.dim[axis] : 1;
}

/// Times of a result for a file with this header. Throws if it is not of the file's size.
std::int64_t times_of(const FileShape& shape, const NiftiHeader& header) {
    const std::int64_t slices = length_of(header, 3), times = length_of(header, 4);
    const Size3 one{slices, length_of(header, 2), length_of(header, 1)};
    if (shape.size == one) return 1;
    if (shape.size == Size3{slices * times, one.height, one.width}) return times;
    fail_setting(
        "format", ErrorCode::shape_mismatch,
        "the {} have {} pixels, '{}' has {} and {} time(s): parts of it have another place in "
        "space; write .tif (`format` tif)",
        shape.name, to_string(shape.size), shape.geometry_of.string(), to_string(one), times);
}

/// Its pixel size is known and nothing of a place.
template <class Header>
void describe_space(Header& header, const FileShape& shape) {
    // NIFTI_UNITS_METER, _MM, _MICRON; other units become the next one below, or micrometres.
    constexpr std::pair<std::int8_t, double> codes[] = {{1, 1e6}, {2, 1e3}, {3, 1.0}};
    const LengthUnit* unit = shape.spacing.known() ? length_unit(shape.spacing.unit) : nullptr;
    double factor = 0.0;
    for (const auto& [code, micrometres] : codes) {
        if (unit == nullptr || (micrometres > unit->micrometres && code != 3)) continue;
        header.xyzt_units = code;
        factor = unit->micrometres / micrometres;
        break;
    }
    std::fill(std::begin(header.pixdim), std::end(header.pixdim), 1);
    for (std::size_t i = 1; i <= 3; ++i) {
        const double size = shape.spacing.size[3 - i] * factor;
        if (size > 0.0) assign(header.pixdim[i], size);
    }
}

std::int16_t data_type_of(SampleType type) {
    constexpr std::int16_t codes[] = {2, 512, 768, 256, 4, 8, 16};  // nifti1.h: DT_UINT8, ...
    return codes[static_cast<std::size_t>(type)];
}

template <class Header>
void describe_pixels(Header& header, const FileShape& shape, std::int64_t times) {
    constexpr int intent_label = 1002;  // NIFTI_INTENT_LABEL
    const std::int64_t axes = shape.channels > 1 ? 5 : times > 1 ? 4 : 3;
    const std::int64_t dim[] = {axes,
                                shape.size.width,
                                shape.size.height,
                                shape.size.depth / times,
                                times,
                                shape.channels,
                                1,
                                1};
    for (std::size_t i = 0; i < 8; ++i) assign(header.dim[i], dim[i]);
    header.datatype = data_type_of(shape.type);
    assign(header.bitpix, layout_of(shape.type).bits);
    // Behind the header stand four bytes that say that there are no extensions.
    header.vox_offset = Header::bytes + 4;
    header.scl_slope = 1;
    header.scl_inter = header.cal_max = header.cal_min = 0;
    header.intent_code = shape.labels ? intent_label : 0;
    // Other programs put their own there.
    std::fill(std::begin(header.descrip), std::end(header.descrip), '\0');
    std::memcpy(header.descrip, written_by, sizeof written_by);
}

/// `bytes` are those of the header of `geometry_of`, or none.
template <class Header>
NiftiStart start_of(const FileShape& shape, const std::vector<std::byte>& bytes, std::int64_t times,
                    bool swapped) {
    Header header{};
    if (bytes.empty()) {
        header.sizeof_hdr = Header::bytes;
        std::memcpy(header.magic, Header::magic_text, sizeof header.magic);
        describe_space(header, shape);
    } else {
        std::memcpy(&header, bytes.data(), Header::bytes);
        if (swapped) swap_numbers(header);
    }
    describe_pixels(header, shape, times);
    if (swapped) swap_numbers(header);
    NiftiStart start{std::vector<std::byte>(Header::bytes + 4), swapped};
    std::memcpy(start.bytes.data(), &header, Header::bytes);
    return start;
}

}  // namespace

NiftiStart nifti_start(const std::filesystem::path& path, const FileShape& shape) {
    const std::string name = path.filename().string();
    if (!name.ends_with(".nii") && !name.ends_with(".nii.gz"))
        fail(ErrorCode::invalid_argument,
             "cannot write '{}': expected a name that ends in .nii or .nii.gz", path.string());
    if (!shape.geometry_of.empty()) {
        GzipStream stream(shape.geometry_of);
        const std::vector<std::byte> bytes = read_nifti_header(stream);
        const auto header = parse_nifti_header(bytes);
        if (!header)
            fail_setting("format", ErrorCode::unsupported,
                         "'{}' is no NIfTI file, whose place in space a NIfTI result would have; "
                         "write .tif (`format` tif)",
                         shape.geometry_of.string());
        const std::int64_t times = times_of(shape, *header);
        return header->version == 1 ? start_of<Nifti1>(shape, bytes, times, header->swapped)
                                    : start_of<Nifti2>(shape, bytes, times, header->swapped);
    }
    constexpr std::int64_t most_of_version_1 = 32767;
    constexpr bool swapped = std::endian::native != std::endian::little;
    const std::int64_t longest =
        std::max({shape.size.width, shape.size.height, shape.size.depth / shape.times, shape.times,
                  shape.channels});
    return longest > most_of_version_1 ? start_of<Nifti2>(shape, {}, shape.times, swapped)
                                       : start_of<Nifti1>(shape, {}, shape.times, swapped);
}

bool is_nifti_of_unet(const std::filesystem::path& path) {
    try {
        GzipStream stream(path);
        const std::vector<std::byte> bytes = read_nifti_header(stream);
        const auto header = parse_nifti_header(bytes);
        const std::size_t at =
            header && header->version == 2 ? offsetof(Nifti2, descrip) : offsetof(Nifti1, descrip);
        return header && std::memcmp(bytes.data() + at, written_by, sizeof written_by) == 0;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
