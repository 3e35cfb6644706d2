#include "terminal/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace unet::cli {

void Facts::add(std::string key, const nlohmann::ordered_json& value, std::string text) {
    facts_.push_back({std::move(key), value.dump(), std::move(text)});
}

void Facts::print(bool json) const {
    if (json) {
        auto object = nlohmann::ordered_json::object();
        for (const Fact& fact : facts_) object[fact.key] = nlohmann::ordered_json::parse(fact.json);
        fmt::print("{}\n", object.dump(2));
        return;
    }
    std::size_t width = 0;
    for (const Fact& fact : facts_)
        if (!fact.text.empty()) width = std::max(width, fact.key.size());
    for (const Fact& fact : facts_) {
        if (fact.text.empty()) continue;
        std::string words = fact.key;
        std::replace(words.begin(), words.end(), '_', ' ');
        fmt::print("{:<{}}  {}\n", words, width, fact.text);
    }
    fmt::print("{}", lines_);
}

}  // namespace unet::cli
