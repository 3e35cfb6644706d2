#include "unet/image/contents/contents.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "unet/core/error.h"
#include "unet/image/read.h"

namespace unet {
namespace {

std::string size_text(const Size3& size) {
    if (size.height == 0) return {};
    const std::string plane = fmt::format("{}x{}", size.height, size.width);
    return size.depth == 1 ? fmt::format(" ({})", plane)
                           : fmt::format(" ({} planes of {})", size.depth, plane);
}

/// The number of the image of this name, or the number that `series` is, or else that of the first
/// of several images of this name; nothing for none. People see names where images are listed:
/// "1" is the field 1 of a well, and not the second.
std::optional<std::size_t> number_of(const std::string& series,
                                     const std::vector<ImageInFile>& images) {
    const auto is_named = [&](const ImageInFile& image) { return image.name == series; };
    const auto named = std::find_if(images.begin(), images.end(), is_named);
    const auto first = static_cast<std::size_t>(named - images.begin());
    if (std::count_if(images.begin(), images.end(), is_named) == 1) return first;
    std::size_t number = 0;
    const char* end = series.data() + series.size();
    const auto [after, error] = std::from_chars(series.data(), end, number);
    if (error == std::errc() && after == end && number < images.size()) return number;
    if (named == images.end()) return {};
    return first;
}

}  // namespace

std::string to_string(const std::vector<ImageInFile>& images) {
    constexpr std::size_t most_listed = 6;
    std::string text;
    for (std::size_t i = 0; i < std::min(images.size(), most_listed); ++i) {
        const ImageInFile& image = images[i];
        text += fmt::format("{}{}", text.empty() ? "" : ", ", i);
        if (!image.name.empty()) text += fmt::format(" '{}'", image.name);
        text += size_text(image.size);
        if (image.smaller_copy) text += ", a smaller copy";
        if (!image.elsewhere.empty()) text += fmt::format(" in {}", image.elsewhere);
    }
    return text + (images.size() > most_listed ? ", ..." : "");
}

std::size_t picked_series(const std::string& series, const std::vector<ImageInFile>& images,
                          std::size_t usual, const std::string& where) {
    if (series.empty()) return usual;
    const auto number = number_of(series, images);
    if (!number)
        fail_setting("series", ErrorCode::invalid_argument,
                     "'{}': `series` {} was asked for, found {} image(s){}{}; expected a number "
                     "from 0 to {}, or a name",
                     where, series, images.size(), images.size() > 1 ? ": " : "",
                     images.size() > 1 ? to_string(images) : "", images.size() - 1);
    if (!images[*number].elsewhere.empty())
        fail_setting("series", ErrorCode::invalid_argument,
                     "'{}': the pixels of `series` {} are not in this file but in {}: read that "
                     "one",
                     where, series, images[*number].elsewhere);
    return *number;
}

std::vector<std::string> left_out(const ImageInfo& info, const ReadOptions& options) {
    std::vector<std::string> notes = info.notes;
    const auto& all = info.series;
    if (!options.series.empty()) {
        if (!all.empty()) {
            const std::string& name = all[info.series_taken].name;
            notes.push_back(fmt::format(
                "`series` {}: image {}{} of {} is read", options.series, info.series_taken,
                name.empty() ? "" : fmt::format(" '{}'", name), all.size()));
        }
        return notes;
    }
    // Levels behind the image of a pyramid show nothing else.
    const auto is_worth_telling = [&](const ImageInFile& image) {
        return &image != &all[info.series_taken] &&
               (!image.smaller_copy || &image < &all[info.series_taken]);
    };
    if (std::none_of(all.begin(), all.end(), is_worth_telling)) return notes;
    const bool others_here = std::any_of(all.begin(), all.end(), [&](const ImageInFile& image) {
        return &image != &all[info.series_taken] && image.elsewhere.empty();
    });
    notes.push_back(fmt::format(
        "it holds {} images: {}; {} is read, {}", all.size(), to_string(all), info.series_taken,
        others_here ? "`series` takes another" : "the other files have the others"));
    return notes;
}

std::string transparency_note(const ImageInfo& info, FileUse use) {
    const bool pages_are_channels = std::any_of(
        info.axes.begin(), info.axes.end(), [](const Axis& axis) { return axis.letter == 'C'; });
    const std::string what = fmt::format(
        "the file calls the last {}of a pixel transparency, which is left out",
        pages_are_channels ? "sample " : fmt::format("of the {} samples ", info.channels + 1));
    if (use == FileUse::labels || pages_are_channels) return what;
    return fmt::format("{}; `channel` {} takes it, `channel` 0-{} all", what, info.channels,
                       info.channels);
}

}  // namespace unet
