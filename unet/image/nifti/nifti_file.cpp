#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/nifti/nifti_format.h"
#include "unet/image/nifti/nifti_header.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

/// NIfTI's data types that are pixels here.
struct DataType {
    int number, bits;
    NumberKind kind;
    std::int64_t samples = 1, kept = 1;
};
constexpr DataType data_types[] = {
    {2, 8, NumberKind::unsigned_integer},
    {256, 8, NumberKind::signed_integer},
    {512, 16, NumberKind::unsigned_integer},
    {4, 16, NumberKind::signed_integer},
    {768, 32, NumberKind::unsigned_integer},
    {8, 32, NumberKind::signed_integer},
    {1280, 64, NumberKind::unsigned_integer},
    {1024, 64, NumberKind::signed_integer},
    {16, 32, NumberKind::floating},
    {64, 64, NumberKind::floating},
    {128, 8, NumberKind::unsigned_integer, 3, 3},   // RGB24
    {2304, 8, NumberKind::unsigned_integer, 4, 3},  // RGBA32
};

class NiftiFile final : public StoredFile {
public:
    explicit NiftiFile(const std::filesystem::path& path) : path_(path), stream_(path) {
        const std::vector<std::byte> bytes = read_nifti_header(stream_);
        if (bytes.empty()) refuse("its header is cut off");
        const auto header = parse_nifti_header(bytes);
        if (!header) refuse("its header is none");
        header_ = *header;
        describe();
    }

    void read_page(std::int64_t page, std::span<std::byte> pixels) override {
        read_rows(page, 0, info_.size.height, pixels);
    }

    /// In a packed file rows of several channels would be a way back and forth.
    std::int64_t row_step() const override { return stream_.packed() ? info_.size.height : 1; }

    void read_rows(std::int64_t page, std::int64_t first, std::int64_t /*rows*/,
                   std::span<std::byte> pixels) override {
        const std::int64_t row_bytes = page_bytes() / info_.size.height;
        if (!stream_.read(header_.data_offset + page * page_bytes() + first * row_bytes, pixels))
            refuse(fmt::format("its plane {} cannot be read; it is cut off or damaged", page));
        if (header_.swapped) swap_bytes(pixels, layout_.bytes());
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        fail(ErrorCode::corrupt_file, "'{}' is not a readable NIfTI: {}; save it again",
             path_.string(), what);
    }
    [[noreturn]] void refuse_kind(const std::string& what) const {
        fail(ErrorCode::unsupported,
             "'{}' cannot be read: {}; save it as one .nii or .nii.gz of integers or floats",
             path_.string(), what);
    }

    void describe() {
        if (!header_.single) refuse_kind("its pixels stand in a second file (.img)");
        describe_samples();
        const auto dimensions = header_.dim[0];
        if (dimensions < 1 || dimensions > 7)
            refuse(fmt::format("it has {} dimensions, expected 1 to 7", dimensions));
        std::array<std::int64_t, 8> size{};
        for (std::size_t i = 1; i < 8; ++i) {
            size[i] = static_cast<std::int64_t>(i) <= dimensions ? header_.dim[i] : 1;
            constexpr std::int64_t most = std::int64_t{1} << 31;
            if (size[i] < 1 || size[i] > most)
                refuse(fmt::format("dimension {} has length {}", i, size[i]));
        }
        if (size[6] > 1 || size[7] > 1) refuse_kind("it has more than 5 dimensions");
        info_.format = header_.version == 1 ? "NIfTI-1" : "NIfTI-2";
        info_.compression = stream_.packed() ? "gzip" : "none";
        info_.file_bytes = static_cast<std::int64_t>(std::filesystem::file_size(path_));
        info_.size = {1, size[2], size[1]};
        info_.spacing = header_.spacing;
        check_size(size[3], size[4], size[5]);
        const auto order = PageOrder::of({{'C', size[5]}, {'T', size[4]}, {'Z', size[3]}},
                                         size[3] * size[4] * size[5]);
        complete(*order, "NIfTI");
    }

    void describe_samples() {
        const auto* found =
            std::find_if(std::begin(data_types), std::end(data_types),
                         [&](const DataType& type) { return type.number == header_.data_type; });
        if (found == std::end(data_types))
            refuse_kind(fmt::format("its data type has number {}", header_.data_type));
        if (header_.bits != found->bits * found->samples)
            refuse(fmt::format("its data type {} has {} bits a pixel, expected {}",
                               header_.data_type, header_.bits, found->bits * found->samples));
        layout_.kind = found->kind;
        layout_.bits = found->bits;
        layout_.samples = found->samples;
        layout_.kept = found->kept;
        layout_.colours = found->samples > 1;
        // The standard: a slope of 0 means none.
        if (header_.slope != 0.0 && std::isfinite(header_.slope) &&
            std::isfinite(header_.intercept)) {
            layout_.slope = header_.slope;
            layout_.intercept = header_.intercept;
        }
    }

    /// Each length is at most 2^31, their product may not fit 64 bits.
    void check_size(std::int64_t slices, std::int64_t times, std::int64_t channels) const {
        const double pages = static_cast<double>(slices) * static_cast<double>(times) *
                             static_cast<double>(channels);
        constexpr double most_pages = 1e12;
        constexpr std::int64_t gzip_expansion = 1032;
        const std::int64_t least_offset = header_.version == 1 ? 348 : 540;
        if (pages > most_pages) refuse(fmt::format("it claims {:.0f} planes", pages));
        constexpr std::int64_t most_offset = std::int64_t{1} << 40;
        if (header_.data_offset < least_offset || header_.data_offset > most_offset)
            refuse(fmt::format("its pixels begin at byte {}", header_.data_offset));
        check_claimed_size(path_, info_.size.height, info_.size.width,
                           layout_.bits * layout_.samples, slices * times * channels,
                           info_.file_bytes, stream_.packed() ? gzip_expansion : 1);
    }

    std::filesystem::path path_;
    GzipStream stream_;
    NiftiHeader header_;
};

}  // namespace

std::unique_ptr<StoredFile> open_nifti(const std::filesystem::path& path) {
    return std::make_unique<NiftiFile>(path);
}

}  // namespace unet
