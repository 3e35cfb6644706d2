#include "terminal/facts.h"
#include "terminal/streams.h"

#include <algorithm>

#include "unet/unet.h"

namespace unet::cli {

void Facts::add(const std::string& key, nlohmann::ordered_json value, std::string text) {
    object_[key] = std::move(value);
    if (text.empty()) return;
    texts_.emplace_back(key, as_utf8(text));
    std::replace(texts_.back().first.begin(), texts_.back().first.end(), '_', ' ');
}

void Facts::print(bool json) const {
    if (json) {
        put("{}\n", json_text(object_, 2));
        return;
    }
    std::size_t width = 0;
    for (const auto& [words, text] : texts_) width = std::max(width, words.size());
    for (const auto& [words, text] : texts_) put("{:<{}}  {}\n", words, width, text);
    put("{}", as_utf8(lines_));
}

}  // namespace unet::cli
