#include "unet/image/png/png_write.h"

#include <png.h>

#include <cmath>
#include <csetjmp>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/format.h"
#include "unet/image/write.h"

// As in png_file.cpp: no destructor may stand between setjmp and libpng's longjmp.

namespace unet {
namespace {

struct PngTarget {
    PngTarget() = default;
    ~PngTarget() { png_destroy_write_struct(&png, &info); }
    PngTarget(const PngTarget&) = delete;
    PngTarget& operator=(const PngTarget&) = delete;

    std::vector<std::byte> bytes;
    bool out_of_memory = false;
    png_structp png = nullptr;
    png_infop info = nullptr;
};

void on_error(png_structp png, png_const_charp) { png_longjmp(png, 1); }
void on_warning(png_structp, png_const_charp) {}
void on_flush(png_structp) {}

/// False if there is no memory: the exception must not pass through libpng.
bool append(PngTarget& target, png_const_bytep bytes, std::size_t count) noexcept {
    try {
        const auto* begin = reinterpret_cast<const std::byte*>(bytes);
        target.bytes.insert(target.bytes.end(), begin, begin + count);
        return true;
    } catch (...) {
        target.out_of_memory = true;
        return false;
    }
}

void on_write(png_structp png, png_bytep bytes, std::size_t count) {
    if (!append(*static_cast<PngTarget*>(png_get_io_ptr(png)), bytes, count))
        png_error(png, "out of memory");
}

/// Pixels per metre along y and x; 0 where unknown or out of PNG's range.
struct Resolution {
    png_uint_32 y = 0, x = 0;
};

Resolution resolution_of(const Spacing& spacing) {
    const double metres = metres_per_unit(spacing.unit);
    if (!spacing.known() || metres == 0.0) return {};
    const double y = std::round(1.0 / (spacing.size[1] * metres));
    const double x = std::round(1.0 / (spacing.size[2] * metres));
    const auto fits = [](double value) { return value >= 1.0 && value <= 2147483647.0; };
    if (!fits(y) || !fits(x)) return {};
    return {static_cast<png_uint_32>(y), static_cast<png_uint_32>(x)};
}

/// Says who wrote the file. Stands at once behind the header and the pixel size.
constexpr char software_key[] = "Software";

void put_software(PngTarget* target) {
    char key[sizeof software_key], text[sizeof written_by];
    std::memcpy(key, software_key, sizeof key);  // libpng wants them writable
    std::memcpy(text, written_by, sizeof text);
    png_text entry{};
    entry.compression = PNG_TEXT_COMPRESSION_NONE;
    entry.key = key;
    entry.text = text;
    entry.text_length = sizeof text - 1;
    png_set_text(target->png, target->info, &entry, 1);
}

bool encode(PngTarget* target, const PngPixels* pixels, png_bytepp rows, Resolution resolution) {
    target->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning);
    if (target->png == nullptr) return false;
    target->info = png_create_info_struct(target->png);
    if (target->info == nullptr || setjmp(png_jmpbuf(target->png)) != 0) return false;
    png_set_write_fn(target->png, target, on_write, on_flush);
    png_set_user_limits(target->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(target->png, target->info, static_cast<png_uint_32>(pixels->width),
                 static_cast<png_uint_32>(pixels->height), pixels->bits,
                 pixels->samples == 4   ? PNG_COLOR_TYPE_RGB_ALPHA
                 : pixels->samples == 3 ? PNG_COLOR_TYPE_RGB
                                        : PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (resolution.x > 0)
        png_set_pHYs(target->png, target->info, resolution.x, resolution.y, PNG_RESOLUTION_METER);
    put_software(target);
    png_write_info(target->png, target->info);
    png_write_image(target->png, rows);
    png_write_end(target->png, nullptr);
    return true;
}

}  // namespace

std::vector<std::byte> encode_png(const PngPixels& pixels, const std::string& where) {
    constexpr std::int64_t longest = 2147483647;
    if (pixels.width < 1 || pixels.height < 1 || pixels.width > longest || pixels.height > longest)
        fail(ErrorCode::unsupported, "'{}': PNG cannot hold {}x{} pixels; write .tif", where,
             pixels.height, pixels.width);
    const std::int64_t row_bytes = pixels.width * pixels.samples * (pixels.bits / 8);
    if (static_cast<std::int64_t>(pixels.bytes.size()) != row_bytes * pixels.height)
        fail(ErrorCode::shape_mismatch,
             "'{}': {}x{} pixels of {} sample(s) need {} bytes, found {}", where, pixels.height,
             pixels.width, pixels.samples, row_bytes * pixels.height, pixels.bytes.size());
    std::vector<png_bytep> rows(pixels.height);
    for (std::int64_t y = 0; y < pixels.height; ++y)  // libpng only reads what it is given to write
        rows[y] = reinterpret_cast<png_bytep>(
            const_cast<std::byte*>(pixels.bytes.data() + y * row_bytes));
    PngTarget target;
    if (!encode(&target, &pixels, rows.data(), resolution_of(pixels.spacing)))
        fail(target.out_of_memory ? ErrorCode::memory : ErrorCode::unsupported,
             "'{}': {}x{} pixels cannot be encoded as PNG; write .tif", where, pixels.height,
             pixels.width);
    return std::move(target.bytes);
}

void write_png(const std::filesystem::path& path, const PngPixels& pixels) {
    write_file_atomically(path, encode_png(pixels, path.string()));
}

void write_rgb_image(const std::filesystem::path& path, const RgbImage& drawn) {
    write_png(path, {drawn.width, drawn.height, 3, 8, std::as_bytes(std::span(drawn.pixels)), {}});
}

bool is_png_of_unet(const std::filesystem::path& path) {
    // The chunk as it stands in the file: its name, key, a zero, text.
    std::string wanted = "tEXt";
    wanted.append(software_key, sizeof software_key).append(written_by);
    std::string begin(256, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(begin.data(), std::ssize(begin));
    begin.resize(file.gcount());
    return begin.starts_with("\x89PNG") && begin.find(wanted) != std::string::npos;
}

}  // namespace unet
