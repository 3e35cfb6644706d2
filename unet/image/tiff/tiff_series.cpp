#include "unet/image/tiff/tiff_series.h"

#include <algorithm>
#include <array>

#include "unet/core/error.h"

namespace unet {
namespace {

bool is_slide(std::string_view text) { return text.starts_with("Aperio"); }

/// Where the full image stands of a file whose chain has only its preview: in SubIFDs.
std::vector<TiffDirectory> directories_below(const TiffHandle& tiff,
                                             const TiffDirectory& directory) {
    std::uint16_t count = 0;
    const std::uint64_t* offsets = nullptr;
    if (TIFFSetSubDirectory(tiff.get(), directory.offset) == 0 ||
        TIFFGetField(tiff.get(), TIFFTAG_SUBIFD, &count, &offsets) != 1)
        return {};
    // A copy: the list is gone once another directory is read.
    std::array<std::uint64_t, 64> places{};
    count = std::min<std::uint16_t>(count, places.size());
    std::copy_n(offsets, count, places.begin());
    std::vector<TiffDirectory> found;
    for (std::size_t i = 0; i < count; ++i) {
        if (TIFFSetSubDirectory(tiff.get(), places[i]) == 0)
            tiff.refuse("a directory of its SubIFDs cannot be read");
        found.push_back(describe_directory(tiff));
    }
    return found;
}

}  // namespace

std::vector<TiffSeries> series_in(const TiffHandle& tiff,
                                  const std::vector<TiffDirectory>& directories,
                                  std::string_view text) {
    std::vector<TiffDirectory> all = directories;
    const auto is_reduced = [](const TiffDirectory& each) { return each.reduced; };
    if (std::all_of(all.begin(), all.end(), is_reduced)) {
        const auto below = directories_below(tiff, all.front());
        all.insert(all.end(), below.begin(), below.end());
    }
    constexpr std::size_t most_kinds = 1000;  // looking through them is quick
    std::vector<TiffSeries> series;
    for (const TiffDirectory& page : all) {
        if (series.size() > most_kinds)
            tiff.refuse(fmt::format("its pages are of more than {} kinds", most_kinds));
        const auto like = std::find_if(series.begin(), series.end(), [&](const TiffSeries& each) {
            return !is_slide(text) && each.smaller_copy == page.reduced &&
                   each.pages.front().same_kind(page);
        });
        if (like == series.end())
            series.push_back({{page}, page.reduced});
        else
            like->pages.push_back(page);
    }
    return series;
}

std::vector<ImageInFile> images_of(const std::vector<TiffSeries>& series) {
    std::vector<ImageInFile> images;
    for (const TiffSeries& each : series) {
        const TiffDirectory& first = each.pages.front();
        images.push_back({.size = {std::ssize(each.pages), first.height, first.width},
                          .smaller_copy = each.smaller_copy});
    }
    return images;
}

std::size_t usual_series(const std::vector<TiffSeries>& series, std::string_view text,
                         const std::string& where) {
    const auto is_whole = [](const TiffSeries& each) { return !each.smaller_copy; };
    const auto first = std::find_if(series.begin(), series.end(), is_whole);
    if (first == series.end()) return 0;
    const auto other = std::find_if(first + 1, series.end(), is_whole);
    if (other != series.end() && !is_slide(text)) {
        const TiffDirectory &one = first->pages.front(), &another = other->pages.front();
        const std::string lies =
            one.orientation == another.orientation
                ? ""
                : fmt::format(
                      ", and the orientation of page {} is {} (tag 274), that of page {} is {}: "
                      "where "
                      "they lie alike, take it out (exiftool -Orientation= FILE)",
                      another.number, another.orientation, one.number, one.orientation);
        fail_setting("series", ErrorCode::unsupported,
                     "'{}': page {} is {}x{} with {} sample(s) of {} bits, page {} is {}x{} with "
                     "{} of {}{}; the slices of a stack must be alike. It holds {} images: {}; "
                     "`series` takes one of them",
                     where, another.number, another.height, another.width, another.samples,
                     another.bits, one.number, one.height, one.width, one.samples, one.bits, lies,
                     series.size(), to_string(images_of(series)));
    }
    return static_cast<std::size_t>(first - series.begin());
}

std::int64_t metamorph_planes(const TiffHandle& tiff) {
    constexpr std::uint32_t uic2_tag = 33629;  // its count is the number of planes
    std::uint32_t count = 0;
    const void* values = nullptr;
    if (TIFFGetField(tiff.get(), uic2_tag, &count, &values) != 1) return 1;
    return std::max<std::int64_t>(count, 1);
}

}  // namespace unet
