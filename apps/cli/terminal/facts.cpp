#include "terminal/facts.h"

#include <algorithm>

#include "terminal/streams.h"

namespace unet::cli {

void Facts::add(const std::string& key, nlohmann::ordered_json value, std::string text) {
    object_[key] = std::move(value);
    if (text.empty()) return;
    texts_.emplace_back(key, std::move(text));
    std::replace(texts_.back().first.begin(), texts_.back().first.end(), '_', ' ');
}

void Facts::print(bool json) const {
    if (json) {
        put("{}\n", object_.dump(2));
        return;
    }
    std::size_t width = 0;
    for (const auto& [words, text] : texts_) width = std::max(width, words.size());
    for (const auto& [words, text] : texts_) put("{:<{}}  {}\n", words, width, text);
    put("{}", lines_);
}

}  // namespace unet::cli
