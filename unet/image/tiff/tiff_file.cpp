#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/core/text/units.h"
#include "unet/image/stored.h"
#include "unet/image/tiff/description.h"
#include "unet/image/tiff/raw_planes.h"
#include "unet/image/tiff/tiff_directory.h"
#include "unet/image/tiff/tiff_format.h"
#include "unet/image/tiff/tiff_handle.h"
#include "unet/image/tiff/tiff_page.h"
#include "unet/image/tiff/tiff_series.h"

namespace unet {
namespace {

/// The nearest number with six significant decimal digits.
double six_digits(double value) {
    const std::string text = fmt::format("{:.6g}", value);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// No table that a readable file of this size needs is larger.
std::int64_t largest_allocation(std::int64_t file_bytes) {
    constexpr std::int64_t least = std::int64_t{1} << 26;
    return std::max(least, file_bytes * 4);
}

class TiffFile final : public StoredFile {
public:
    TiffFile(const std::filesystem::path& path, const ReadOptions& options)
        : path_(path),
          file_bytes_(static_cast<std::int64_t>(std::filesystem::file_size(path))),
          tiffs_(open(1)) {
        const auto directories = read_directories(tiff());
        describe(directories, options);
    }

    void read_page(std::int64_t number, std::span<std::byte> pixels) override {
        if (raw_)
            raw_->read(number, pixels);
        else
            read_rows(number, 0, info_.size.height, pixels);
    }

    std::int64_t row_step() const override { return row_step_; }

    void read_rows(std::int64_t number, std::int64_t first, std::int64_t rows,
                   std::span<std::byte> pixels) override {
        if (raw_) {
            StoredFile::read_rows(number, first, rows, pixels);
            return;
        }
        const auto& page = pages_[number];
        check_claimed_size(path_, page.tile_height, page.tile_width, page.bits * page.samples, 1,
                           file_bytes_, largest_expansion(page.compression));
        select(page);
        decode_rows(context_, tiffs_, page, layout_, first, rows, pixels);
    }

    void use_threads(int threads) override {
        if (pages_.front().tile_width == 0) return;
        context_ = Context(threads);
        for (auto& more : open(context_.threads() - std::ssize(tiffs_)))
            tiffs_.push_back(std::move(more));
    }

    /// Of every thread but the first a tile as it is stored and one that is decoded: what one
    /// thread holds is small.
    std::int64_t decoder_bytes() const override {
        const TiffDirectory& page = pages_.front();
        const std::int64_t tile =
            std::int64_t{page.tile_height} * page.tile_width * ((page.bits + 7) / 8) * page.samples;
        return 2 * tile * (context_.threads() - 1);
    }

private:
    std::vector<TiffHandle> open(std::int64_t count) const {
        std::vector<TiffHandle> handles;
        for (std::int64_t i = 0; i < count; ++i)
            handles.emplace_back(path_, largest_allocation(file_bytes_));
        return handles;
    }
    const TiffHandle& tiff() const { return tiffs_.front(); }

    void select(const TiffDirectory& page) {
        for (const TiffHandle& tiff : tiffs_) {
            if (TIFFCurrentDirOffset(tiff.get()) != page.offset &&
                TIFFSetSubDirectory(tiff.get(), page.offset) == 0)
                tiff.refuse("a directory cannot be read again");
            if (page.ycbcr) TIFFSetField(tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        }
    }

    std::string text_of(const TiffDirectory& page) {
        select(page);
        const char* text = nullptr;
        TIFFGetField(tiff().get(), TIFFTAG_IMAGEDESCRIPTION, &text);
        return text != nullptr ? text : "";
    }

    /// The pages of the image that is meant. (OME says itself which they are.)
    void take_series(const std::vector<TiffDirectory>& directories, std::string_view text,
                     const std::string& series) {
        std::vector<TiffSeries> all = series_in(tiff(), directories, text);
        std::size_t taken = 0;
        if (all.size() > 1) {
            info_.series = images_of(all);
            taken = series.empty() ? usual_series(all, text, path_.string())
                                   : picked_series(series, info_.series, 0, path_.string());
        }
        info_.series_taken = taken;
        if (all[taken].smaller_copy && series.empty())
            info_.notes.emplace_back(
                "its page is marked as a smaller copy of another image (a thumbnail), and no other "
                "is in the file");
        pages_ = std::move(all[taken].pages);
    }

    void describe(const std::vector<TiffDirectory>& directories, const ReadOptions& options) {
        pages_ = directories;
        std::string text = text_of(pages_.front());
        if (!is_ome(text)) {
            take_series(directories, text, options.series);
            text = text_of(pages_.front());
        }
        const std::int64_t stack = pages_.size() == 1 ? metamorph_planes(tiff()) : 1;
        const std::int64_t raw_planes =
            pages_.size() == 1 ? std::max(planes_behind(text), stack) : 1;
        const bool raw = raw_planes > 1 && RawPlanes::possible(tiff(), pages_.front());
        if (stack > 1 && !raw)
            fail(ErrorCode::unsupported,
                 "'{}' is a MetaMorph stack of {} planes that are packed or stand apart; turn it "
                 "into OME-TIFF with the command line tools of Bio-Formats (bfconvert)",
                 path_.string(), stack);
        const std::int64_t planes = raw ? raw_planes : static_cast<std::int64_t>(pages_.size());
        OmeFile file{path_.string(), options.series, {}};
        for (const TiffDirectory& page : pages_) file.samples.push_back(page.samples);
        const Description description =
            parse_description(text, planes, pages_.front().samples, file);
        if (!description.fault.empty() && options.axes.empty())
            fail_setting("axes", ErrorCode::unsupported,
                         "'{}': {}, or say what its pages are, such as `axes` ZYX", path_.string(),
                         description.fault);
        if (!raw) keep_pages(description);
        if (is_ome(text)) {
            info_.series = description.images;
            info_.series_taken = description.image;
        }
        note_pages_without_image(directories, description);
        check_pages(pages_, path_);
        select(pages_.front());
        describe_samples(pages_.front());
        check_size(planes);
        check_pixels_end(pages_, path_, file_bytes_);
        info_.spacing = pixel_size(description);
        set_calibration(description.calibration);
        info_.channel_names = description.channel_names;
        complete(description.order, description.source);
        row_step_ = raw ? info_.size.height : common_row_step();
        if (raw) raw_.emplace(path_, tiff(), page_bytes(), layout_.bytes());
    }

    /// OME says which pages are its image.
    void note_pages_without_image(const std::vector<TiffDirectory>& directories,
                                  const Description& description) {
        if (description.directories.empty() || !description.images.empty()) return;
        const auto pages = std::count_if(directories.begin(), directories.end(),
                                         [](const TiffDirectory& page) { return !page.reduced; });
        if (const std::int64_t left = pages - description.order.pages(); left > 0)
            info_.notes.push_back(
                fmt::format("{} of its {} pages are no planes of its image as OME describes it, "
                            "and are not read",
                            left, pages));
    }

    /// Rows of a tile; 1 for strips; whole pages where they differ.
    std::int64_t common_row_step() const {
        const std::int64_t step = pages_.front().tile_height;
        const bool equal =
            std::all_of(pages_.begin(), pages_.end(), [&](const TiffDirectory& page) {
                return page.tile_height == step &&
                       (page.tile_width > 0) == (pages_.front().tile_width > 0);
            });
        return equal ? std::max<std::int64_t>(step, 1) : info_.size.height;
    }

    /// The pages of the image that the description speaks of, in its order.
    void keep_pages(const Description& description) {
        const auto planes = static_cast<std::size_t>(description.order.pages());
        std::vector<TiffDirectory> kept;
        for (const std::int64_t directory : description.directories)
            kept.push_back(pages_[directory]);
        if (kept.empty())
            pages_.resize(std::min(planes, pages_.size()));
        else
            pages_ = std::move(kept);
    }

    void describe_samples(const TiffDirectory& first) {
        info_.format = TIFFIsBigTIFF(tiff().get()) != 0 ? "BigTIFF" : "TIFF";
        info_.compression = compression_name(first.compression);
        info_.file_bytes = file_bytes_;
        info_.size = {1, first.height, first.width};
        info_.palette = first.photometric == PHOTOMETRIC_PALETTE;
        info_.white_is_zero = first.photometric == PHOTOMETRIC_MINISWHITE;
        layout_.kind = first.sample_format == SAMPLEFORMAT_IEEEFP ? NumberKind::floating
                       : first.sample_format == SAMPLEFORMAT_INT  ? NumberKind::signed_integer
                                                                  : NumberKind::unsigned_integer;
        info_.orientation = first.orientation;
        layout_.bits = first.bits;
        layout_.samples = first.samples;
        layout_.kept = first.samples - (first.transparency ? 1 : 0);
        layout_.colours = first.photometric == PHOTOMETRIC_RGB;
        if (info_.palette) read_palette(first.bits);
    }

    void check_size(std::int64_t planes) const {
        std::int64_t expansion = 1;
        for (const auto& page : pages_)
            expansion = std::max(expansion, largest_expansion(page.compression));
        check_claimed_size(path_, info_.size.height, info_.size.width,
                           layout_.bits * layout_.samples, planes, file_bytes_, expansion);
    }

    /// What the text says, or else the resolution tags, in the unit of which ImageJ's text knows
    /// better.
    Spacing pixel_size(const Description& description) {
        StoredSizes sizes = description.sizes;
        const double along_y = tiff().tag<float>(TIFFTAG_YRESOLUTION, 0.0f);
        const double along_x = tiff().tag<float>(TIFFTAG_XRESOLUTION, 0.0f);
        const bool named = description.source == "ImageJ" && !trim(sizes.unit[2]).empty();
        if (named) {
            sizes.size[1] = resolved(along_y, sizes.unit[1]);
            sizes.size[2] = resolved(along_x, sizes.unit[2]);
        }
        const LengthUnit* unit = length_unit(sizes.unit[2]);
        Spacing spacing =
            spacing_of(sizes, named && unit != nullptr ? kept_unit(*unit) : *length_unit("um"),
                       info_.unread_unit);
        for (const std::size_t axis : {1, 2})
            if (named) spacing.size[axis] = six_digits(spacing.size[axis]);
        info_.unread_size = why_unread(sizes);
        if (spacing.known() || named) return spacing;
        const auto per = tiff().tag<std::uint16_t>(TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
        if (per != RESUNIT_INCH && per != RESUNIT_CENTIMETER) return spacing;
        const double per_metre = per == RESUNIT_INCH ? 1.0 / 0.0254 : 100.0;
        const Spacing by_tags =
            spacing_of_resolution(along_y * per_metre, along_x * per_metre, info_.print_resolution);
        if (!by_tags.known()) return spacing;
        return {{spacing.size[0], six_digits(by_tags.size[1]), six_digits(by_tags.size[2])}, "um"};
    }

    /// The size of a pixel in `unit` of which a length holds so many. ImageJ takes an image of any
    /// printer's resolution for one that is measured in inches or centimetres. ImageJ stores pixels
    /// per unit with six decimals, libtiff gives them as float32: further digits of the reciprocal
    /// are noise (0.325 would come back as 0.32500000812).
    double resolved(double along, std::string_view unit) {
        if (!(along > 0.0)) return 0.0;
        const LengthUnit* known = length_unit(unit);
        const bool of_printers =
            known != nullptr && (known->symbol == "in" || known->symbol == "cm");
        const double print = of_printers ? print_resolution_of(along / metres_per_unit(unit)) : 0.0;
        if (print == 0.0) return 1.0 / along;
        info_.print_resolution = print;
        return 0.0;
    }

    void read_palette(int bits) {
        std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
        if (TIFFGetField(tiff().get(), TIFFTAG_COLORMAP, &red, &green, &blue) != 1)
            tiff().refuse("its colour table is missing");
        const std::size_t count = std::size_t{1} << bits;
        // The standard scales colours to 16 bits; some old programs did not.
        bool wide = false;
        for (std::size_t i = 0; i < count; ++i)
            wide = wide || red[i] > 255 || green[i] > 255 || blue[i] > 255;
        const int shift = wide ? 8 : 0;
        for (std::size_t i = 0; i < count; ++i)
            palette_.push_back({static_cast<std::uint8_t>(red[i] >> shift),
                                static_cast<std::uint8_t>(green[i] >> shift),
                                static_cast<std::uint8_t>(blue[i] >> shift)});
    }

    std::filesystem::path path_;
    std::int64_t file_bytes_;
    Context context_{1};
    std::vector<TiffHandle> tiffs_;  ///< one for each thread
    std::vector<TiffDirectory> pages_;
    std::optional<RawPlanes> raw_;
    std::int64_t row_step_ = 1;
};

}  // namespace

std::unique_ptr<StoredFile> open_tiff(const std::filesystem::path& path,
                                      const ReadOptions& options) {
    return std::make_unique<TiffFile>(path, options);
}

}  // namespace unet
