#include "unet/image/nifti_write.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "unet/core/error.h"
#include "unet/core/file.h"
#include "unet/image/gzip_stream.h"
#include "unet/image/nifti_header.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

/// In the field `descrip`; other programs put their own there.
constexpr std::string_view written_by = "unet.cpp";
constexpr std::size_t descrip_bytes = 80;

/// Where the two versions have what is changed.
struct Places {
    std::size_t bytes, data_type, bits, dim, dim_bytes, offset, slope, slope_bytes, least_shown,
        descrip, intent, intent_bytes;
};
constexpr Places places_1{348, 70, 72, 40, 2, 108, 112, 4, 124, 148, 68, 2};
constexpr Places places_2{540, 12, 14, 16, 8, 168, 176, 8, 192, 240, 504, 4};

/// A header that is changed in its own byte order.
class HeaderBytes {
public:
    /// Throws Error(unsupported) if `source` is no NIfTI.
    explicit HeaderBytes(const std::filesystem::path& source) : bytes_(most_nifti_header_bytes) {
        GzipStream stream(source);
        if (!stream.read(0, bytes_)) {
            bytes_.resize(places_1.bytes);
            if (!stream.read(0, bytes_)) bytes_.clear();
        }
        const auto header = parse_nifti_header(bytes_);
        if (!header)
            fail(ErrorCode::unsupported,
                 "'{}' is no NIfTI file, whose place in space a NIfTI result would have; write "
                 ".tif (--format tif)",
                 source.string());
        header_ = *header;
        bytes_.resize(places().bytes);
    }

    const NiftiHeader& parsed() const { return header_; }
    const Places& places() const { return header_.version == 1 ? places_1 : places_2; }
    std::span<const std::byte> bytes() const { return bytes_; }
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
        if (width == 2)
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

/// Times of the labels. Throws if they are not of the source's size.
std::int64_t times_of(const LabelMap& labels, const NiftiHeader& header,
                      const std::filesystem::path& source) {
    const std::int64_t slices = length_of(header, 3), times = length_of(header, 4);
    const Size3 one{slices, length_of(header, 2), length_of(header, 1)};
    if (labels.size == one) return 1;
    if (labels.size == Size3{slices * times, one.height, one.width}) return times;
    fail(ErrorCode::shape_mismatch,
         "the labels have {} pixels, '{}' has {} and {} time(s): parts of it have another place in "
         "space; write .tif (--format tif)",
         to_string(labels.size), source.string(), to_string(one), times);
}

void describe_labels(HeaderBytes& header, std::int64_t times, int bits) {
    constexpr std::int64_t intent_label = 1002;  // NIFTI_INTENT_LABEL
    constexpr std::int16_t type_u16 = 512, type_u32 = 768;
    const Places& at = header.places();
    const auto length = [&](std::size_t axis) { return length_of(header.parsed(), axis); };
    const std::int64_t dim[] = {times > 1 ? 4 : 3, length(1), length(2), length(3), times, 1, 1, 1};
    for (std::size_t i = 0; i < 8; ++i)
        header.put_whole(at.dim + i * at.dim_bytes, at.dim_bytes, dim[i]);
    header.put<std::int16_t>(at.data_type, bits == 32 ? type_u32 : type_u16);
    header.put<std::int16_t>(at.bits, static_cast<std::int16_t>(bits));
    // Behind the header stand four bytes that say that there are no extensions.
    const auto offset = static_cast<std::int64_t>(at.bytes) + 4;
    if (header.parsed().version == 1)
        header.put(at.offset, static_cast<float>(offset));
    else
        header.put(at.offset, offset);
    header.put_float(at.slope, at.slope_bytes, 1.0);
    header.put_float(at.slope + at.slope_bytes, at.slope_bytes, 0.0);
    header.clear(at.least_shown, 2 * at.slope_bytes);
    header.put_whole(at.intent, at.intent_bytes, intent_label);
    header.clear(at.descrip, descrip_bytes);
    header.put_text(at.descrip, written_by);
}

class GzipWriter {
public:
    GzipWriter(const std::filesystem::path& target, bool packed)
        // T: bytes as they are, without gzip.
        : file_(target), gz_(gzopen64(file_.temporary().c_str(), packed ? "wb6" : "wbT"), gzclose) {
        if (gz_ == nullptr) refuse();
    }
    void write(std::span<const std::byte> bytes) {
        constexpr std::size_t most_at_once = std::size_t{1} << 30;  // zlib counts in int
        while (!bytes.empty()) {
            const auto part = bytes.first(std::min(bytes.size(), most_at_once));
            if (gzwrite(gz_.get(), part.data(), static_cast<unsigned>(part.size())) <= 0) refuse();
            bytes = bytes.subspan(part.size());
        }
    }
    void commit() {
        if (gzclose(gz_.release()) != Z_OK) refuse();
        file_.commit();
    }

private:
    [[noreturn]] void refuse() const {
        fail(ErrorCode::io, "cannot write '{}': {}", file_.temporary().string(),
             std::strerror(errno));
    }

    AtomicFile file_;
    std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> gz_;
};

template <class T>
void write_slices(GzipWriter& writer, const LabelMap& labels, bool swapped) {
    const auto pixels = static_cast<std::size_t>(labels.size.height * labels.size.width);
    std::vector<T> slice(pixels);
    for (std::int64_t z = 0; z < labels.size.depth; ++z) {
        std::transform(labels.plane(z), labels.plane(z) + pixels, slice.begin(),
                       [](std::uint32_t label) { return static_cast<T>(label); });
        const auto bytes = std::as_writable_bytes(std::span(slice));
        if (swapped) swap_bytes(bytes, sizeof(T));
        writer.write(bytes);
    }
}

}  // namespace

void write_labels_nifti(const std::filesystem::path& path, const LabelMap& labels,
                        const std::filesystem::path& source) {
    const std::string name = path.filename().string();
    const bool packed = name.ends_with(".nii.gz");
    if (!packed && !name.ends_with(".nii"))
        fail(ErrorCode::invalid_argument,
             "cannot write '{}': expected a name that ends in .nii or .nii.gz", path.string());
    HeaderBytes header(source);
    const std::int64_t times = times_of(labels, header.parsed(), source);
    const std::uint32_t largest =
        labels.values.empty() ? 0 : *std::max_element(labels.values.begin(), labels.values.end());
    const int bits = largest > 65535 ? 32 : 16;
    describe_labels(header, times, bits);
    GzipWriter writer(path, packed);
    writer.write(header.bytes());
    writer.write(std::array<std::byte, 4>{});
    if (bits == 32)
        write_slices<std::uint32_t>(writer, labels, header.parsed().swapped);
    else
        write_slices<std::uint16_t>(writer, labels, header.parsed().swapped);
    writer.commit();
}

bool is_nifti_of_unet(const std::filesystem::path& path) {
    try {
        const HeaderBytes header(path);
        return header.descrip().starts_with(written_by) &&
               header.descrip()[written_by.size()] == '\0';
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
