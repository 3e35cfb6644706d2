#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <span>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/contents/exif.h"
#include "unet/image/png/png_format.h"
#include "unet/image/stored.h"

// libpng reports errors by longjmp, which must not skip a destructor: every function below that
// calls setjmp holds only plain data, and between it and the jump stand only libpng and callbacks
// that do the same.

namespace unet {
namespace {

/// What libpng's callbacks see, and libpng's own state.
struct PngSource {
    PngSource() = default;
    ~PngSource() { png_destroy_read_struct(&png, &info, nullptr); }
    PngSource(const PngSource&) = delete;
    PngSource& operator=(const PngSource&) = delete;

    const std::byte* bytes = nullptr;
    std::size_t size = 0, position = 0;
    char message[160] = "";
    png_structp png = nullptr;
    png_infop info = nullptr;
};

void on_error(png_structp png, png_const_charp text) {
    auto* source = static_cast<PngSource*>(png_get_error_ptr(png));
    std::strncpy(source->message, text, sizeof source->message - 1);
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep target, std::size_t count) {
    auto* source = static_cast<PngSource*>(png_get_io_ptr(png));
    if (count > source->size - source->position) png_error(png, "the file ends too early");
    std::memcpy(target, source->bytes + source->position, count);
    source->position += count;
}

/// Reads all chunks before the pixels; false on error.
bool read_header(PngSource* source) {
    source->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, source, on_error, on_warning);
    if (source->png == nullptr) return false;
    source->info = png_create_info_struct(source->png);
    if (source->info == nullptr || setjmp(png_jmpbuf(source->png)) != 0) return false;
    png_set_read_fn(source->png, source, on_read);
    png_set_user_limits(source->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // libpng 1.6 takes as much memory for it as it claims to be long, in files of 50 bytes too;
    // what it says is read below.
    png_set_keep_unknown_chunks(source->png, PNG_HANDLE_CHUNK_NEVER,
                                reinterpret_cast<png_const_bytep>("eXIf"), 1);
    png_read_info(source->png, source->info);
    return true;
}

/// Takes memory for rows as wide as the header claims; false on error.
bool prepare_rows(PngSource* source) {
    if (setjmp(png_jmpbuf(source->png)) != 0) return false;
    png_set_packing(source->png);
    if (std::endian::native == std::endian::little) png_set_swap(source->png);
    png_set_interlace_handling(source->png);
    png_read_update_info(source->png, source->info);
    return true;
}

/// Decodes into `rows` and reads to the end of the file; false on error.
bool decode_rows(PngSource* source, png_bytepp rows) {
    if (setjmp(png_jmpbuf(source->png)) != 0) return false;
    png_read_image(source->png, rows);
    png_read_end(source->png, nullptr);
    return true;
}

/// Frames of an animation (APNG), of which the first is the image that PNG has; 1 without.
std::uint32_t frames_of(std::span<const std::byte> bytes) {
    const auto number_at = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
        return value;
    };
    const auto is_chunk = [&](std::size_t at, const char* name) {
        return std::memcmp(bytes.data() + at + 4, name, 4) == 0;
    };
    constexpr std::size_t around = 12;  // length, name, checksum
    for (std::size_t at = 8; at + around < bytes.size() && !is_chunk(at, "IDAT");) {
        const std::size_t length = number_at(at);
        if (length > bytes.size() - at - around) return 1;
        if (is_chunk(at, "acTL") && length >= 4) return number_at(at + 8);
        at += around + length;
    }
    return 1;
}

class PngFile final : public StoredFile {
public:
    explicit PngFile(const std::filesystem::path& path) : path_(path), bytes_(read_file(path)) {
        source_.bytes = bytes_.data();
        source_.size = bytes_.size();
        if (!read_header(&source_)) refuse();
        describe();
    }

    void read_page(std::int64_t, std::span<std::byte> pixels) override {
        const std::int64_t height = info_.size.height;
        std::vector<png_bytep> rows(height);
        const std::int64_t row_bytes = page_bytes() / height;
        for (std::int64_t y = 0; y < height; ++y)
            rows[y] = reinterpret_cast<png_bytep>(pixels.data() + y * row_bytes);
        if (!decode_rows(&source_, rows.data())) refuse();
    }

private:
    [[noreturn]] void refuse() {
        fail(ErrorCode::corrupt_file, "'{}' is not a readable PNG ({}); save it again",
             path_.string(), source_.message[0] != '\0' ? source_.message : "no reason given");
    }

    void describe() {
        const png_structp png = source_.png;
        const png_infop header = source_.info;
        const int kind = png_get_color_type(png, header);
        info_.format = "PNG";
        info_.compression = "deflate";
        info_.file_bytes = static_cast<std::int64_t>(bytes_.size());
        info_.size = {1, png_get_image_height(png, header), png_get_image_width(png, header)};
        info_.palette = kind == PNG_COLOR_TYPE_PALETTE;
        layout_.colours = (kind & PNG_COLOR_MASK_COLOR) != 0 && !info_.palette;
        layout_.samples = png_get_channels(png, header);
        layout_.kept = layout_.samples - ((kind & PNG_COLOR_MASK_ALPHA) != 0 ? 1 : 0);
        // As stored; prepare_rows() unpacks less than 8 to 8.
        layout_.bits = png_get_bit_depth(png, header);
        constexpr std::int64_t deflate_expansion = 1032;
        check_claimed_size(path_, info_.size.height, info_.size.width,
                           layout_.bits * layout_.samples, 1, info_.file_bytes, deflate_expansion);
        if (!prepare_rows(&source_)) refuse();
        if (info_.palette) read_palette();
        read_spacing();
        read_orientation();
        if (const std::uint32_t frames = frames_of(bytes_); frames > 1)
            info_.notes.push_back(
                fmt::format("it is an animation of {} frames, of which the first is read; save the "
                            "frames as a stack",
                            frames));
        complete({}, "");
    }

    void read_palette() {
        png_colorp entries = nullptr;
        int count = 0;
        png_get_PLTE(source_.png, source_.info, &entries, &count);
        for (int i = 0; i < count; ++i)
            palette_.push_back({entries[i].red, entries[i].green, entries[i].blue});
    }

    /// In the chunk eXIf, which may stand behind the pixels, too.
    void read_orientation() {
        const std::span<const std::byte> bytes(bytes_);
        constexpr std::size_t signature = 8, head = 8, checksum = 4;
        std::size_t place = signature;
        while (place + head <= bytes.size()) {
            std::size_t length = 0;
            for (std::size_t i = 0; i < 4; ++i)
                length = length << 8 | std::to_integer<std::size_t>(bytes[place + i]);
            const std::size_t rest = bytes.size() - place - head;
            if (std::memcmp(bytes.data() + place + 4, "eXIf", 4) == 0) {
                info_.orientation =
                    exif_orientation(bytes.subspan(place + head, std::min(length, rest)));
                return;
            }
            if (length + checksum > rest) return;
            place += head + length + checksum;
        }
    }

    void read_spacing() {
        png_uint_32 x = 0, y = 0;
        int unit = PNG_RESOLUTION_UNKNOWN;
        if (png_get_pHYs(source_.png, source_.info, &x, &y, &unit) == 0 ||
            unit != PNG_RESOLUTION_METER)
            return;
        info_.spacing = spacing_of_resolution(y, x, info_.print_resolution);
    }

    std::filesystem::path path_;
    std::vector<std::byte> bytes_;
    PngSource source_;
};

}  // namespace

std::unique_ptr<StoredFile> open_png(const std::filesystem::path& path) {
    return std::make_unique<PngFile>(path);
}

}  // namespace unet
