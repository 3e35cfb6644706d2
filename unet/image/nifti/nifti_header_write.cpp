#include "unet/image/nifti/nifti_header_write.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#include "unet/core/error.h"
#include "unet/image/format.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/nifti/nifti_header.h"
#include "unet/image/sample_bytes.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

constexpr std::size_t descrip_bytes = 80;

/// Where the two versions have what is changed.
struct Places {
    std::size_t bytes, data_type, bits, dim, dim_bytes, pixdim, pixdim_bytes, offset, slope,
        slope_bytes, least_shown, units, units_bytes, descrip, intent, intent_bytes, magic;
    std::string_view magic_text;
};
constexpr Places places_1{348, 70,  72,  40, 2,   76, 4, 108, 112,
                          4,   124, 123, 1,  148, 68, 2, 344, {"n+1\0", 4}};
constexpr Places places_2{540, 12,  14,  16, 8,   104, 8, 168, 176,
                          8,   192, 500, 4,  240, 504, 4, 4,   {"n+2\0\r\n\032\n", 8}};

/// A header that is changed in its own byte order.
class HeaderBytes {
public:
    /// That of a file. Throws Error(unsupported) if `source` is no NIfTI.
    explicit HeaderBytes(const std::filesystem::path& source) : bytes_(most_nifti_header_bytes) {
        GzipStream stream(source);
        if (!stream.read(0, bytes_)) {
            bytes_.resize(places_1.bytes);
            if (!stream.read(0, bytes_)) bytes_.clear();
        }
        const auto header = parse_nifti_header(bytes_);
        if (!header)
            fail_setting(
                "format", ErrorCode::unsupported,
                "'{}' is no NIfTI file, whose place in space a NIfTI result would have; write "
                ".tif (`format` tif)",
                source.string());
        header_ = *header;
        bytes_.resize(places().bytes);
    }
    /// An empty one of a version.
    explicit HeaderBytes(int version) {
        header_.version = version;
        header_.swapped = std::endian::native != std::endian::little;
        bytes_.resize(places().bytes);
        put(0, static_cast<std::int32_t>(places().bytes));
        put_text(places().magic, places().magic_text);
    }

    const NiftiHeader& parsed() const { return header_; }
    const Places& places() const { return header_.version == 1 ? places_1 : places_2; }
    const std::vector<std::byte>& bytes() const { return bytes_; }
    std::string_view descrip() const {
        return {reinterpret_cast<const char*>(bytes_.data()) + places().descrip, descrip_bytes};
    }

    template <class T>
    void put(std::size_t offset, T value) {
        std::memcpy(bytes_.data() + offset, &value, sizeof value);
        if (header_.swapped)
            swap_bytes(std::span(bytes_).subspan(offset, sizeof value), sizeof value);
    }
    /// A number that the versions store in different widths.
    void put_whole(std::size_t offset, std::size_t width, std::int64_t value) {
        if (width == 1)
            put(offset, static_cast<std::int8_t>(value));
        else if (width == 2)
            put(offset, static_cast<std::int16_t>(value));
        else if (width == 4)
            put(offset, static_cast<std::int32_t>(value));
        else
            put(offset, value);
    }
    void put_float(std::size_t offset, std::size_t width, double value) {
        if (width == 4)
            put(offset, static_cast<float>(value));
        else
            put(offset, value);
    }
    void clear(std::size_t offset, std::size_t count) {
        std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, std::byte{0});
    }
    void put_text(std::size_t offset, std::string_view text) {
        std::memcpy(bytes_.data() + offset, text.data(), text.size());
    }

private:
    std::vector<std::byte> bytes_;
    NiftiHeader header_;
};

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

/// A header that knows a pixel size and nothing of a place.
HeaderBytes new_header(const FileShape& shape) {
    constexpr std::int64_t most_of_version_1 = 32767;
    const std::int64_t longest =
        std::max({shape.size.width, shape.size.height, shape.size.depth / shape.times, shape.times,
                  shape.channels});
    HeaderBytes header(longest > most_of_version_1 ? 2 : 1);
    struct Unit {
        std::string_view name;
        int code;
        double factor;
    };
    constexpr Unit units[] = {{"m", 1, 1.0},   {"mm", 2, 1.0},  {"um", 3, 1.0},  {"nm", 3, 1e-3},
                              {"pm", 3, 1e-6}, {"cm", 2, 10.0}, {"in", 2, 25.4}, {"inch", 2, 25.4}};
    const Places& at = header.places();
    double factor = 1.0;
    for (const Unit& unit : units)
        if (shape.spacing.known() && unit.name == shape.spacing.unit) {
            header.put_whole(at.units, at.units_bytes, unit.code);
            factor = unit.factor;
        }
    for (std::size_t i = 0; i < 8; ++i) {
        const double size =
            i >= 1 && i <= 3 && shape.spacing.known() ? shape.spacing.size[3 - i] : 0.0;
        header.put_float(at.pixdim + i * at.pixdim_bytes, at.pixdim_bytes,
                         size > 0.0 ? size * factor : 1.0);
    }
    return header;
}

std::int16_t data_type_of(SampleType type) {
    constexpr std::int16_t codes[] = {2, 512, 768, 256, 4, 8, 16};  // nifti1.h: DT_UINT8, ...
    return codes[static_cast<std::size_t>(type)];
}

void describe(HeaderBytes& header, const FileShape& shape, std::int64_t times) {
    constexpr std::int64_t intent_label = 1002;  // NIFTI_INTENT_LABEL
    const Places& at = header.places();
    const std::int64_t axes = shape.channels > 1 ? 5 : times > 1 ? 4 : 3;
    const std::int64_t dim[] = {axes,
                                shape.size.width,
                                shape.size.height,
                                shape.size.depth / times,
                                times,
                                shape.channels,
                                1,
                                1};
    for (std::size_t i = 0; i < 8; ++i)
        header.put_whole(at.dim + i * at.dim_bytes, at.dim_bytes, dim[i]);
    header.put(at.data_type, data_type_of(shape.type));
    header.put(at.bits, static_cast<std::int16_t>(layout_of(shape.type).bits));
    // Behind the header stand four bytes that say that there are no extensions.
    const auto offset = static_cast<std::int64_t>(at.bytes) + 4;
    if (header.parsed().version == 1)
        header.put(at.offset, static_cast<float>(offset));
    else
        header.put(at.offset, offset);
    header.put_float(at.slope, at.slope_bytes, 1.0);
    header.put_float(at.slope + at.slope_bytes, at.slope_bytes, 0.0);
    header.clear(at.least_shown, 2 * at.slope_bytes);
    header.put_whole(at.intent, at.intent_bytes, shape.labels ? intent_label : 0);
    header.clear(at.descrip, descrip_bytes);
    header.put_text(at.descrip, written_by);
}

}  // namespace

NiftiStart nifti_start(const std::filesystem::path& path, const FileShape& shape) {
    const std::string name = path.filename().string();
    if (!name.ends_with(".nii") && !name.ends_with(".nii.gz"))
        fail(ErrorCode::invalid_argument,
             "cannot write '{}': expected a name that ends in .nii or .nii.gz", path.string());
    const bool placed = !shape.geometry_of.empty();
    HeaderBytes header = placed ? HeaderBytes(shape.geometry_of) : new_header(shape);
    describe(header, shape, placed ? times_of(shape, header.parsed()) : shape.times);
    NiftiStart start{header.bytes(), header.parsed().swapped};
    start.bytes.resize(start.bytes.size() + 4);
    return start;
}

bool is_nifti_of_unet(const std::filesystem::path& path) {
    try {
        const HeaderBytes header(path);
        return header.descrip().starts_with({written_by, sizeof written_by});
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
