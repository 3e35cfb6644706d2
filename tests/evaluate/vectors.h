#pragma once

// The label maps of vectors/labels.txt and the JSON files beside the tests.

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "unet/core/image.h"

namespace unet {

inline std::ifstream open_beside_tests(const std::string& name) {
    std::ifstream file(UNET_SOURCE_DIR "/tests/evaluate/" + name);
    if (!file) throw std::runtime_error("cannot read tests/evaluate/" + name);
    return file;
}

inline nlohmann::json json_beside_tests(const std::string& name) {
    std::ifstream file = open_beside_tests(name);
    return nlohmann::json::parse(file);
}

/// Every map of vectors/labels.txt by name; the format stands in vectors/convert.py.
inline std::map<std::string, LabelMap> vector_maps() {
    std::ifstream file = open_beside_tests("vectors/labels.txt");
    std::map<std::string, LabelMap> maps;
    std::string word, name;
    std::int64_t height = 0, width = 0;
    while (file >> word >> name >> height >> width) {
        LabelMap& map = maps[name];
        map.size = {1, height, width};
        const auto pixels = static_cast<std::size_t>(height * width);
        std::uint32_t value = 0;
        std::size_t length = 0;
        while (map.values.size() < pixels && file >> value >> length)
            map.values.insert(map.values.end(), length, value);
        if (map.values.size() != pixels) throw std::runtime_error("labels.txt: " + name);
    }
    return maps;
}

}  // namespace unet
