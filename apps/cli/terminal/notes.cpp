#include "terminal/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "terminal/flags.h"

namespace unet::cli {
namespace {

constexpr int most_told = 10;  // more would push the results off the screen

}  // namespace

nlohmann::ordered_json notes_json(const std::vector<std::string>& notes) {
    auto list = nlohmann::ordered_json::array();
    for (const std::string& note : notes) list.push_back(with_flags(note));
    return list;
}

void Notes::begin(const std::filesystem::path& image) {
    image_ = image.string();
    of_image_.clear();
}

void Notes::say(const std::string& message) {
    const std::string text = with_flags(message);
    if (std::find(of_image_.begin(), of_image_.end(), text) != of_image_.end()) return;
    of_image_.push_back(text);
    if (++told_ <= most_told) progress_.say(fmt::format("note: {}: {}", image_, text));
}

Notice Notes::of_folders(std::vector<std::string>& told) {
    return [this, &told](const std::string& text) {
        progress_.say("note: " + text);
        told.push_back(text);
    };
}

void Notes::end() {
    if (told_ > most_told)
        progress_.say(
            fmt::format("note: {} more such notes, --json lists them all", told_ - most_told));
}

}  // namespace unet::cli
