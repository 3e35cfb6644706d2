#include "unet/image/contents/upright.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace unet {
namespace {

/// What EXIF's orientation asks for: first rows become columns, then the order of rows or of
/// columns is reversed.
struct Orientation {
    bool swap, reverse_rows, reverse_columns;
    const char* words;
};
constexpr Orientation orientations[] = {
    {false, false, false, ""},
    {false, false, true, "mirrored left to right"},
    {false, true, true, "turned by 180 degrees"},
    {false, true, false, "mirrored top to bottom"},
    {true, false, false, "mirrored along its diagonal"},
    {true, false, true, "turned by 90 degrees clockwise"},
    {true, true, true, "mirrored along its other diagonal"},
    {true, true, false, "turned by 90 degrees counterclockwise"},
};

class UprightFile final : public StoredFile {
public:
    explicit UprightFile(std::unique_ptr<StoredFile> file)
        : file_(std::move(file)), turn_(orientations[file_->info().orientation - 1]) {
        info_ = file_->info();
        layout_ = file_->layout();
        palette_ = file_->palette();
        if (turn_.swap) {
            std::swap(info_.size.height, info_.size.width);
            std::swap(info_.spacing.size[1], info_.spacing.size[2]);
        }
        complete(file_->order(), file_->info().axes_source);
    }

    void read_page(std::int64_t page, std::span<std::byte> pixels) override {
        const Size3& stored = file_->info().size;
        std::vector<std::byte> band(band_rows() * stored_row_bytes());
        for (std::int64_t first = 0; first < stored.height; first += band_rows()) {
            const std::int64_t rows = std::min(band_rows(), stored.height - first);
            const auto decoded = std::span(band).first(rows * stored_row_bytes());
            file_->read_rows(page, first, rows, decoded);
            for (std::int64_t y = 0; y < rows; ++y)
                place_row(decoded.subspan(y * stored_row_bytes(), stored_row_bytes()), first + y,
                          pixels);
        }
    }

    std::int64_t row_step() const override {
        return keeps_rows() ? file_->row_step() : info_.size.height;
    }

    void read_rows(std::int64_t page, std::int64_t first, std::int64_t rows,
                   std::span<std::byte> pixels) override {
        if (!keeps_rows()) return StoredFile::read_rows(page, first, rows, pixels);
        file_->read_rows(page, first, rows, pixels);
        std::vector<std::byte> row(stored_row_bytes());
        for (std::int64_t y = 0; y < rows; ++y) {
            const auto target = pixels.subspan(y * stored_row_bytes(), stored_row_bytes());
            std::copy(target.begin(), target.end(), row.begin());
            place_row(row, 0, target);
        }
    }

    std::int64_t decoder_bytes() const override {
        return file_->decoder_bytes() + (keeps_rows() ? 1 : band_rows()) * stored_row_bytes();
    }

    void use_threads(int threads) override { file_->use_threads(threads); }

private:
    bool keeps_rows() const { return !turn_.swap && !turn_.reverse_rows; }

    std::int64_t pixel_bytes() const { return layout_.samples * layout_.bytes(); }
    std::int64_t stored_row_bytes() const { return file_->info().size.width * pixel_bytes(); }

    /// Rows that are decoded at a time where a whole page is turned.
    std::int64_t band_rows() const {
        constexpr std::int64_t least = 64;
        const std::int64_t step = file_->row_step();
        return std::min((least + step - 1) / step * step, file_->info().size.height);
    }

    /// Where row `y`, column `x` of the file comes to lie, in pixels.
    std::int64_t place_of(std::int64_t y, std::int64_t x) const {
        if (turn_.swap) std::swap(y, x);
        if (turn_.reverse_rows) y = info_.size.height - 1 - y;
        if (turn_.reverse_columns) x = info_.size.width - 1 - x;
        return y * info_.size.width + x;
    }

    void place_row(std::span<const std::byte> row, std::int64_t y, std::span<std::byte> pixels) {
        const std::int64_t bytes = pixel_bytes();
        const std::int64_t step = (place_of(y, 1) - place_of(y, 0)) * bytes;
        std::byte* target = pixels.data() + place_of(y, 0) * bytes;
        for (std::int64_t at = 0; at < std::ssize(row); at += bytes, target += step)
            std::memcpy(target, row.data() + at, static_cast<std::size_t>(bytes));
    }

    std::unique_ptr<StoredFile> file_;
    const Orientation& turn_;
};

}  // namespace

std::unique_ptr<StoredFile> turned_upright(std::unique_ptr<StoredFile> file) {
    if (file->info().orientation == 1) return file;
    return std::make_unique<UprightFile>(std::move(file));
}

std::string turn_of(int orientation) { return orientations[orientation - 1].words; }

}  // namespace unet
