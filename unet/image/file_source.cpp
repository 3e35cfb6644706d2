#include "unet/image/file_source.h"

#include <algorithm>
#include <cstring>

#include "unet/image/contents/reading_notes.h"
#include "unet/image/convert.h"
#include "unet/image/file_errors.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

std::unique_ptr<StoredFile> opened(const std::filesystem::path& path, const ReadOptions& options,
                                   FileUse use, LabelStorage& storage,
                                   std::vector<std::string>& notes) {
    auto file = open_stored(path, options, use);
    storage = storage_of(file->info());  // which no longer says so when it is taken as stored
    notes = reading_notes(file->info(), options);
    if (options.as_stored) file->take_stored_values();
    if (use == FileUse::labels) {
        check_lossless(*file, path.string());
        file->take_as_stored();
    }
    return file;
}

}  // namespace

FileSource::FileSource(const std::filesystem::path& path, const ReadOptions& options, int threads,
                       FileUse use)
    : path_(path),
      file_(with_file_errors(path, [&] { return opened(path, options, use, storage_, notes_); })),
      turn_(options.turn),
      slices_(picked_slices(options, turned_order(turn_, file_->order(), file_->info().size),
                            path.string())),
      channels_(picked_channels(options, file_->info().channels, path.string())),
      channel_pages_(channel_pages_of(*file_, channels_)),
      times_(picked_times(options, file_->order(), path.string())),
      size_(turn_.size_of(file_->info().size)),
      type_(file_->info().type),
      rgb_(file_->info().rgb && channels_ == std::vector<std::int64_t>{0, 1, 2}),
      spacing_(turn_.spacing_of(spacing_of(options, file_->info().spacing))) {
    picks_channels_ = options.channels.has_value();
    use_ = use;
    with_file_errors(path, [&] { file_->use_threads(threads); });
    size_.depth = static_cast<std::int64_t>(slices_.size());
    window_.pages.resize(channel_pages_.size());
    if (!rgb_ || !colours_are_equal()) return;
    rgb_ = false;
    channels_.resize(1);
    channel_pages_ = channel_pages_of(*file_, channels_);
    window_.pages.resize(channel_pages_.size());
}

FileSource::~FileSource() = default;

int FileSource::bits() const { return file_->layout().bits; }

bool FileSource::colours_are_equal() {
    std::vector<float> row(3 * size_.width);
    for (std::int64_t line = 0; line < size_.depth * size_.height; ++line) {
        read({line / size_.height, line % size_.height, 0, {1, 1, size_.width}}, row);
        const auto green = row.begin() + size_.width;
        if (!std::equal(row.begin(), green, green) ||
            !std::equal(row.begin(), green, green + size_.width))
            return false;
    }
    return true;
}

std::vector<std::string> FileSource::notes() {
    std::vector<std::string> notes = notes_;
    if (!file_->info().alpha || picks_channels_) return notes;
    Transparency transparency;
    const Size3& stored = file_->info().size;
    with_file_errors(path_, [&] {
        // Turned, a picked slice may lie in all that are stored.
        const std::int64_t depth = turn_.none() ? size_.depth : stored.depth;
        for (std::int64_t line = 0; line < depth * stored.height && !transparency.differs();
             ++line) {
            const std::int64_t slice = line / stored.height;
            load(turn_.none() ? slices_[slice] : slice, line % stored.height, 1);
            const Region row{0, line % stored.height, 0, {1, 1, stored.width}};
            for (std::size_t page = 0; page < channel_pages_.size(); ++page)
                transparency.look_at(*file_, row_of(row, 0, page));
        }
    });
    if (transparency.differs()) notes.push_back(transparency_note(file_->info(), use_));
    return notes;
}

std::int64_t FileSource::row_bytes() const {
    return file_->page_bytes() / file_->info().size.height;
}

std::int64_t FileSource::window_bytes(std::int64_t rows) const {
    const std::int64_t step = file_->row_step(), height = file_->info().size.height;
    // Both ends may cut a row of tiles; turned, rows may be any axis of the file.
    const std::int64_t kept = turn_.none() ? std::min(height, rows + 2 * (step - 1)) : height;
    const std::int64_t turned = turn_.none() ? 0 : channels() * rows * size_.width * 4;
    return kept * row_bytes() * static_cast<std::int64_t>(channel_pages_.size()) +
           file_->decoder_bytes() + turned;
}

void FileSource::load(std::int64_t slice, std::int64_t first, std::int64_t rows) {
    if (window_.slice == slice && first >= window_.first && first + rows <= window_.end) return;
    const std::int64_t step = file_->row_step();
    const std::int64_t begin = first / step * step;
    const std::int64_t end =
        std::min((first + rows + step - 1) / step * step, file_->info().size.height);
    const bool goes_on = window_.slice == slice && begin >= window_.first && begin < window_.end &&
                         end > window_.end;
    const std::int64_t kept = goes_on ? window_.end - begin : 0;
    for (std::size_t p = 0; p < channel_pages_.size(); ++p) {
        std::vector<std::byte>& bytes = window_.pages[p];
        if (kept > 0)
            std::memmove(bytes.data(), bytes.data() + (begin - window_.first) * row_bytes(),
                         static_cast<std::size_t>(kept * row_bytes()));
        const auto needed = static_cast<std::size_t>((end - begin) * row_bytes());
        if (bytes.capacity() < needed) {
            // resize() would hold the old bytes and twice the new ones for a moment.
            std::vector<std::byte> larger;
            larger.reserve(needed);
            larger.assign(bytes.begin(), bytes.begin() + kept * row_bytes());
            bytes = std::move(larger);
        }
        bytes.resize(needed);
        window_.slice = -1;  // until all is there: decoding may fail
        file_->read_rows(file_->order().page(slice, channel_pages_[p]), begin + kept,
                         end - begin - kept, std::span(bytes).subspan(kept * row_bytes()));
    }
    window_.slice = slice;
    window_.first = begin;
    window_.end = end;
}

void FileSource::read_slice(const Region& region, std::int64_t z, std::int64_t slice,
                            std::span<float> values) {
    load(slice, region.y, region.size.height);
    const std::int64_t per_page = file_->channels_per_page();
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const auto page =
            std::lower_bound(channel_pages_.begin(), channel_pages_.end(), channels_[c] / per_page);
        float* target = values.data() + static_cast<std::int64_t>(c) * region.size.elements() +
                        z * region.size.height * region.size.width;
        for (std::int64_t y = 0; y < region.size.height; ++y)
            convert_to_float(
                *file_, row_of(region, y, static_cast<std::size_t>(page - channel_pages_.begin())),
                channels_[c] % per_page, target + y * region.size.width);
    }
}

std::span<const std::byte> FileSource::row_of(const Region& region, std::int64_t y,
                                              std::size_t page) const {
    const std::int64_t pixel_bytes = file_->layout().samples * file_->layout().bytes();
    const std::int64_t at = (region.y + y - window_.first) * row_bytes() + region.x * pixel_bytes;
    return std::span(window_.pages[page]).subspan(at, region.size.width * pixel_bytes);
}

void FileSource::read_slice(const Region& region, std::int64_t z, std::int64_t slice,
                            std::span<std::uint32_t> labels) {
    load(slice, region.y, region.size.height);
    std::uint32_t* target = labels.data() + z * region.size.height * region.size.width;
    for (std::int64_t y = 0; y < region.size.height; ++y, target += region.size.width)
        convert_to_labels(*file_, row_of(region, y, 0), slice, path_.string(), target);
}

template <class Value>
void FileSource::read_picked(const Region& region, std::int64_t channels, std::span<Value> values) {
    if (turn_.none()) {
        for (std::int64_t z = 0; z < region.size.depth; ++z)
            read_slice(region, z, slices_[region.z + z], values);
        return;
    }
    const Size3& all = file_->info().size;
    const Size3 stored{file_->order().slices(), all.height, all.width};
    const std::int64_t depth = turn_.size_of(stored).depth;
    const Size3 slice{1, region.size.height, region.size.width};
    std::vector<Value> part(channels * slice.elements());
    for (std::int64_t z = 0; z < region.size.depth; ++z) {
        const std::int64_t picked = slices_[region.z + z];
        const Region from = turn_.stored_part({picked % depth, region.y, region.x, slice}, stored);
        const std::int64_t first = picked / depth * stored.depth + from.z;
        for (std::int64_t i = 0; i < from.size.depth; ++i)
            read_slice(from, i, first + i, std::span(part));
        for (std::int64_t c = 0; c < channels; ++c)
            turn_.copy(part.data() + c * slice.elements(), from.size,
                       values.data() + (c * region.size.depth + z) * slice.elements());
    }
}

void FileSource::read(const Region& region, std::span<float> values) {
    check_region(region, size_, channels(), values.size());
    with_file_errors(path_, [&] { read_picked(region, channels(), values); });
}

void FileSource::read_labels(const Region& region, std::span<std::uint32_t> labels) {
    check_region(region, size_, 1, labels.size());
    if (channels() != 1)
        fail(ErrorCode::unsupported,
             "'{}' has {} channels{}, expected labels: one channel that holds a class number or an "
             "object id per pixel",
             path_.string(), channels(), rgb_ ? " of colours that differ" : "");
    with_file_errors(path_, [&] { read_picked(region, 1, labels); });
}

}  // namespace unet
