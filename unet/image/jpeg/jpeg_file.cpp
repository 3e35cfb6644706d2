#include <csetjmp>
#include <cstdio>
#include <cstring>

// jpeglib.h needs what stands above.
#include <jpeglib.h>

#include <jerror.h>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/contents/exif.h"
#include "unet/image/jpeg/jpeg_format.h"
#include "unet/image/jpeg/multi_picture.h"
#include "unet/image/stored.h"

// libjpeg reports errors by a callback that must not return, here by longjmp, which must not skip a
// destructor: every function below that calls setjmp holds only plain data, and between it and the
// jump stand only libjpeg and callbacks that do the same.

namespace unet {
namespace {

/// What libjpeg's callbacks see, and libjpeg's own state.
struct JpegSource {
    JpegSource() = default;
    ~JpegSource() { jpeg_destroy_decompress(&jpeg); }
    JpegSource(const JpegSource&) = delete;
    JpegSource& operator=(const JpegSource&) = delete;

    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = "";
};

void on_error(j_common_ptr jpeg) {
    auto* source = static_cast<JpegSource*>(jpeg->client_data);
    jpeg->err->format_message(jpeg, source->message);
    std::longjmp(source->jump, 1);
}

/// A warning (level -1) says that the data are damaged and what follows is made up, but for those
/// about markers. Other levels are traces.
void on_message(j_common_ptr jpeg, int level) {
    const int code = jpeg->err->msg_code;
    const bool harmless =
        code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM;
    if (level < 0 && !harmless) on_error(jpeg);
}

/// A progressive file of a few bytes may name thousands of passes over all its pixels.
void on_progress(j_common_ptr jpeg) {
    constexpr int most_scans = 200;
    auto* source = static_cast<JpegSource*>(jpeg->client_data);
    if (source->jpeg.input_scan_number <= most_scans) return;
    std::strncpy(source->message, "it has too many scans", sizeof source->message - 1);
    std::longjmp(source->jump, 1);
}

/// Reads all before the pixels; false on error.
bool read_header(JpegSource* source, const unsigned char* bytes, std::size_t size) {
    jpeg_decompress_struct& jpeg = source->jpeg;
    jpeg.err = jpeg_std_error(&source->errors);
    source->errors.error_exit = on_error;
    source->errors.emit_message = on_message;
    jpeg.client_data = source;
    if (setjmp(source->jump) != 0) return false;
    jpeg_create_decompress(&jpeg);
    jpeg.client_data = source;
    source->progress.progress_monitor = on_progress;
    jpeg.progress = &source->progress;
    jpeg_mem_src(&jpeg, bytes, static_cast<unsigned long>(size));
    constexpr int exif_marker = JPEG_APP0 + 1;
    jpeg_save_markers(&jpeg, exif_marker, 0xFFFF);
    jpeg_read_header(&jpeg, TRUE);
    // The slow transform is the reference; the fast one differs by several grey levels.
    jpeg.dct_method = JDCT_ISLOW;
    return true;
}

/// Decodes into `pixels`, rows of `row_bytes`; false on error.
bool decode_rows(JpegSource* source, unsigned char* pixels, std::size_t row_bytes) {
    jpeg_decompress_struct& jpeg = source->jpeg;
    if (setjmp(source->jump) != 0) return false;
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + jpeg.output_scanline * row_bytes;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    return true;
}

class JpegFile final : public StoredFile {
public:
    explicit JpegFile(const std::filesystem::path& path) : path_(path), bytes_(read_file(path)) {
        if (!read_header(&source_, reinterpret_cast<const unsigned char*>(bytes_.data()),
                         bytes_.size()))
            refuse();
        describe();
    }

    void read_page(std::int64_t, std::span<std::byte> pixels) override {
        if (!decode_rows(&source_, reinterpret_cast<unsigned char*>(pixels.data()),
                         static_cast<std::size_t>(page_bytes() / info_.size.height)))
            refuse();
    }

private:
    [[noreturn]] void refuse() const {
        fail(ErrorCode::corrupt_file, "'{}' is not a readable JPEG ({}); save it again",
             path_.string(), source_.message);
    }

    void describe() {
        jpeg_decompress_struct& jpeg = source_.jpeg;
        if (jpeg.num_components != 1 && jpeg.num_components != 3)
            fail(ErrorCode::unsupported,
                 "'{}' is a JPEG of {} colours (CMYK of a printer), expected grey or RGB; save it "
                 "as RGB",
                 path_.string(), jpeg.num_components);
        jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
        info_.format = "JPEG";
        info_.compression = "jpeg";
        info_.file_bytes = static_cast<std::int64_t>(bytes_.size());
        info_.size = {1, jpeg.image_height, jpeg.image_width};
        layout_.samples = layout_.kept = jpeg.num_components;
        layout_.colours = jpeg.num_components == 3;
        // A block of 64 samples takes one bit at least, and a colour that is stored at half the
        // resolution in four of them.
        constexpr std::int64_t jpeg_expansion = 2048;
        check_claimed_size(path_, info_.size.height, info_.size.width, 8 * layout_.samples, 1,
                           info_.file_bytes, jpeg_expansion);
        read_spacing();
        read_orientation();
        if (const std::int64_t images = images_in_jpeg(bytes_); images > 1)
            info_.notes.push_back(fmt::format(
                "it holds {} images one after the other (MPO), of which the first is read; other "
                "programs save each as a file",
                images));
        complete({}, "");
    }

    /// Of the first EXIF; other programs' blocks have the same marker.
    void read_orientation() {
        for (const auto* marker = source_.jpeg.marker_list; marker != nullptr;
             marker = marker->next) {
            const std::span bytes(marker->data, marker->data_length);
            constexpr std::string_view begin("Exif\0\0", 6);
            if (bytes.size() < begin.size() || std::memcmp(bytes.data(), begin.data(), 6) != 0)
                continue;
            info_.orientation = exif_orientation(std::as_bytes(bytes));
            return;
        }
    }

    void read_spacing() {
        const jpeg_decompress_struct& jpeg = source_.jpeg;
        constexpr int per_inch = 1, per_centimetre = 2;  // JFIF
        if (jpeg.saw_JFIF_marker == FALSE ||
            (jpeg.density_unit != per_inch && jpeg.density_unit != per_centimetre))
            return;
        const double per_metre = jpeg.density_unit == per_inch ? 1.0 / 0.0254 : 100.0;
        info_.spacing = spacing_of_resolution(jpeg.Y_density * per_metre,
                                              jpeg.X_density * per_metre, info_.print_resolution);
    }

    std::filesystem::path path_;
    std::vector<std::byte> bytes_;
    JpegSource source_;
};

constexpr std::string_view endings[] = {".jpg", ".jpeg"};

}  // namespace

const Format jpeg_format{
    .name = "jpeg",
    .title = "JPEG",
    .endings = endings,
    .recognises = [](const Format::Path&,
                     std::string_view begin) { return begin.starts_with("\xff\xd8\xff"); },
    .open = [](const Format::Path& path, const ReadOptions&) -> std::unique_ptr<StoredFile> {
        return std::make_unique<JpegFile>(path);
    }};

}  // namespace unet
