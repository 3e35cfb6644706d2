#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace unet::cli {

/// What a verb found out, in order: aligned lines for a reader, or one JSON object for a program.
class Facts {
public:
    /// `text` is what the reader sees; empty: this fact is for programs only. A null `value` is for
    /// readers only.
    void add(const std::string& key, nlohmann::ordered_json value, std::string text = {});
    /// Free lines after the facts, for the reader only.
    void add_lines(const std::string& lines) { lines_ += lines; }
    /// On stdout.
    void print(bool json) const;

private:
    nlohmann::ordered_json object_ = nlohmann::ordered_json::object();
    std::vector<std::pair<std::string, std::string>> texts_;  ///< of some of the keys
    std::string lines_;
};

}  // namespace unet::cli
