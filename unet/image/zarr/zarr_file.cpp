#include <algorithm>
#include <cstring>
#include <map>

#include "unet/core/error.h"
#include "unet/core/text/units.h"
#include "unet/image/stored.h"
#include "unet/image/zarr/ome_zarr.h"
#include "unet/image/zarr/ome_zarr_sink.h"
#include "unet/image/zarr/zarr_array.h"
#include "unet/image/zarr/zarr_format.h"

namespace unet {
namespace {

// Chunks that hold several planes are kept while they fit, or each would be unpacked for each
// plane.
constexpr std::int64_t most_kept_bytes = std::int64_t{256} << 20;

class ZarrFile final : public StoredFile {
public:
    ZarrFile(const std::filesystem::path& path, const ReadOptions& options)
        : path_(path), image_(read_ome_zarr(path, options.series)), array_(image_.array) {
        const auto axes = static_cast<std::int64_t>(image_.axes.size());
        if (std::ssize(array_.shape()) != axes || !image_.axes.ends_with("YX"))
            fail(ErrorCode::unsupported,
                 "'{}' has axes {} and {} lengths, expected some of T, C, Z, then Y, X",
                 path.string(), image_.axes, array_.shape().size());
        outer_ = static_cast<std::size_t>(axes - 2);
        describe();
    }

    void read_page(std::int64_t page, std::span<std::byte> pixels) override {
        read_rows(page, 0, info_.size.height, pixels);
    }

    std::int64_t row_step() const override { return array_.chunk_shape()[outer_]; }

    std::int64_t decoder_bytes() const override {
        return (keeps_ ? chunks_ : 1) * array_.chunk_bytes() + array_.decoder_bytes();
    }

    void read_rows(std::int64_t page, std::int64_t first, std::int64_t rows,
                   std::span<std::byte> pixels) override {
        // The page's place along the outer axes, the fastest last, and the chunk that has it.
        std::vector<std::int64_t> index(outer_ + 2), inside(outer_);
        for (std::size_t axis = outer_; axis-- > 0;) {
            const std::int64_t length = array_.shape()[axis], part = array_.chunk_shape()[axis];
            index[axis] = page % length / part;
            inside[axis] = page % length % part;
            page /= length;
        }
        const std::vector<std::int64_t> slab(index.begin(), index.end() - 2);
        if (slab != slab_) kept_.clear();
        slab_ = slab;
        const std::int64_t height = array_.chunk_shape()[outer_],
                           width = array_.chunk_shape()[outer_ + 1];
        std::int64_t plane = 0;
        for (std::size_t axis = 0; axis < outer_; ++axis)
            plane = plane * array_.chunk_shape()[axis] + inside[axis];
        for (std::int64_t y = first; y < first + rows; y += height)
            for (std::int64_t x = 0; x < info_.size.width; x += width) {
                index[outer_] = y / height;
                index[outer_ + 1] = x / width;
                copy(chunk_at(index).subspan(plane * height * width * layout_.bytes()), y, x, first,
                     pixels);
            }
    }

private:
    void describe() {
        std::vector<Axis> axes;
        double pages = 1.0;
        for (std::size_t axis = 0; axis < outer_; ++axis) {
            axes.push_back({image_.axes[axis], array_.shape()[axis]});
            pages *= static_cast<double>(array_.shape()[axis]);
        }
        // Chunks may be missing, so no size of files says what is too much.
        constexpr double most_pages = 1e7, most_values = 1e15;
        const double values = pages * static_cast<double>(array_.shape()[outer_]) *
                              static_cast<double>(array_.shape()[outer_ + 1]);
        if (pages > most_pages || values > most_values)
            fail(ErrorCode::corrupt_file, "'{}' claims {:.0f} planes and {:.3g} pixels",
                 path_.string(), pages, values);
        info_.format = "OME-Zarr";
        info_.compression = array_.compression();
        info_.size = {1, array_.shape()[outer_], array_.shape()[outer_ + 1]};
        info_.spacing = spacing_of(image_.sizes, *length_unit("um"), info_.unread_unit);
        info_.unread_size = why_unread(image_.sizes);
        info_.channel_names = image_.channel_names;
        info_.series = image_.images;
        info_.series_taken = image_.image;
        for (const std::string& name : image_.labels)
            info_.label_images.push_back((path_ / "labels" / name).string());
        info_.file_bytes = bytes_on_disk();
        layout_.kind = array_.kind();
        layout_.bits = array_.bits();
        chunks_ = 1;
        for (const std::size_t axis : {outer_, outer_ + 1})
            chunks_ *= (array_.shape()[axis] + array_.chunk_shape()[axis] - 1) /
                       array_.chunk_shape()[axis];
        const std::int64_t planes = array_.chunk_bytes() / layout_.bytes() /
                                    array_.chunk_shape()[outer_] / array_.chunk_shape()[outer_ + 1];
        keeps_ = planes > 1 && chunks_ <= most_kept_bytes / array_.chunk_bytes();
        complete(*PageOrder::of(axes, static_cast<std::int64_t>(pages)), "OME-Zarr");
    }

    std::int64_t bytes_on_disk() const {
        std::int64_t bytes = 0;
        std::error_code error;
        for (std::filesystem::recursive_directory_iterator at(image_.array, error), end;
             !error && at != end; at.increment(error)) {
            std::error_code unreadable;
            const auto size = at->is_regular_file(unreadable) ? at->file_size(unreadable) : 0;
            if (!unreadable) bytes += static_cast<std::int64_t>(size);
        }
        return bytes;
    }

    std::span<const std::byte> chunk_at(const std::vector<std::int64_t>& index) {
        if (!keeps_) {
            chunk_.resize(array_.chunk_bytes());
            array_.read_chunk(index, chunk_);
            return chunk_;
        }
        auto& chunk = kept_[index];
        if (chunk.empty()) {
            std::vector<std::byte> values(array_.chunk_bytes());
            array_.read_chunk(index, values);
            chunk = std::move(values);
        }
        return chunk;
    }

    /// Copies the plane of a chunk whose first pixel is at y, x into rows from `first` on; what
    /// lies beyond the image is left.
    void copy(std::span<const std::byte> plane, std::int64_t y, std::int64_t x, std::int64_t first,
              std::span<std::byte> pixels) const {
        const std::int64_t bytes = layout_.bytes(), chunk_width = array_.chunk_shape()[outer_ + 1];
        const std::int64_t rows = std::min(array_.chunk_shape()[outer_], info_.size.height - y);
        const std::int64_t count = std::min(chunk_width, info_.size.width - x);
        for (std::int64_t row = 0; row < rows; ++row)
            std::memcpy(pixels.data() + ((y - first + row) * info_.size.width + x) * bytes,
                        plane.data() + row * chunk_width * bytes,
                        static_cast<std::size_t>(count * bytes));
    }

    std::filesystem::path path_;
    OmeZarr image_;
    ZarrArray array_;
    std::size_t outer_ = 0;    ///< axes before Y, X
    std::int64_t chunks_ = 1;  ///< that cover a plane
    bool keeps_ = false;
    std::vector<std::int64_t> slab_;  ///< chunk along the outer axes that `kept_` is of
    std::map<std::vector<std::int64_t>, std::vector<std::byte>> kept_;
    std::vector<std::byte> chunk_;
};

constexpr std::string_view endings[] = {".zarr"};

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int threads) {
    return std::make_unique<OmeZarrSink>(path, shape, threads);
}

}  // namespace

const Format zarr_format{
    .name = "ome-zarr",
    .title = "OME-Zarr",
    .endings = endings,
    .folder = true,
    .recognises = [](const Format::Path& path, std::string_view) { return is_ome_zarr(path); },
    .open = [](const Format::Path& path, const ReadOptions& options)
        -> std::unique_ptr<StoredFile> { return std::make_unique<ZarrFile>(path, options); },
    .ending = ".ome.zarr",
    .smaller_copies = true,
    .create = create,
    .footprint = PyramidSink::bytes,
    .is_ours = is_zarr_of_unet};

}  // namespace unet
