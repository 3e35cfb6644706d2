// objects_bench: how long objects take on one core: the distance transform, connected components
// and the watershed of a map. objects_peers.py makes maps, checks the results and times other
// libraries beside it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/objects/components.h"
#include "unet/objects/distance.h"
#include "unet/objects/object_finder.h"

namespace unet::bench {
namespace {

struct Settings {
    std::string map, out;
    Size3 size;
    int repeat = 1;
};

/// One byte a pixel, as the file has them.
LabelMap read_map(const Settings& settings) {
    LabelMap map{settings.size, {}, {}};
    std::string bytes(static_cast<std::size_t>(settings.size.elements()), '\0');
    std::ifstream file(settings.map, std::ios::binary);
    if (!file.read(bytes.data(), std::ssize(bytes)))
        fail(ErrorCode::io, "{}: found less than the {} bytes of a map of {}", settings.map,
             bytes.size(), to_string(settings.size));
    for (const char byte : bytes) map.values.push_back(static_cast<unsigned char>(byte));
    return map;
}

template <class Value>
void write_values(const Settings& settings, const char* name, const std::vector<Value>& values) {
    if (settings.out.empty()) return;
    std::ofstream file(settings.out + "/" + name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(Value)));
}

/// What one result takes, its memory included.
template <class Function>
nlohmann::json seconds_of(const Settings& settings, const char* name, Function function) {
    std::vector<double> times;
    for (int k = 0; k < settings.repeat; ++k) {
        const auto start = std::chrono::steady_clock::now();
        const auto result = function();
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        times.push_back(taken.count());
        if (k == 0) write_values(settings, name, result);
    }
    return times;
}

void run(const Settings& settings) {
    const LabelMap map = read_map(settings);
    const bool volume = settings.size.depth > 1;
    nlohmann::json found;
    found["distance"] = seconds_of(settings, "distance", [&] {
        return squared_distances(map, DistanceTo::background, volume);
    });
    found["components"] = seconds_of(settings, "components", [&] {
        return connected_components(map, volume ? Connectivity::six : Connectivity::four).values;
    });
    found["watershed"] = seconds_of(settings, "watershed", [&] {
        auto objects = made_array<std::uint32_t>(map.values.size());
        std::copy(map.values.begin(), map.values.end(), objects.begin());
        ObjectFinder().find(objects, map.size, {.split_depth = 1.0});
        return objects;
    });
    fmt::print("{}\n", found.dump());
}

int main(int count, char** arguments) {
    Settings settings;
    CLI::App app("Times the distance transform, components and the watershed on one core.");
    app.add_option("map", settings.map, "one byte a pixel, 0 is background")->required();
    app.add_option("depth", settings.size.depth)->required();
    app.add_option("height", settings.size.height)->required();
    app.add_option("width", settings.size.width)->required();
    app.add_option("--repeat", settings.repeat, "runs of each");
    app.add_option("--out", settings.out, "folder for the results, 32 bits a pixel");
    CLI11_PARSE(app, count, arguments);
    try {
        run(settings);
    } catch (const Error& error) {
        fmt::print(stderr, "objects_bench: {}\n", error.what());
        return 1;
    }
    return 0;
}

}  // namespace
}  // namespace unet::bench

int main(int count, char** arguments) { return unet::bench::main(count, arguments); }
