// Decodes the first page of an image file in bands of rows, as a prediction does.
//     decode_bench FILE [--threads N] [--rounds N]
// Prints seconds of every round as JSON, rows of a band, and the sum of the first row of each.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "unet/image/stored.h"

int main(int count, char** arguments) {
    CLI::App app("Times decoding of an image file.");
    std::string file;
    int threads = 0, rounds = 1;
    app.add_option("FILE", file, "an image")->required();
    app.add_option("--threads", threads, "0: all");
    app.add_option("--rounds", rounds, "how often");
    CLI11_PARSE(app, count, arguments);
    std::vector<double> seconds;
    std::uint64_t sum = 0;
    std::int64_t step = 1;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        const auto stored = unet::open_stored(file);
        stored->use_threads(threads);
        const std::int64_t height = stored->info().size.height;
        const std::int64_t row = stored->page_bytes() / height;
        const std::int64_t band = std::max<std::int64_t>(stored->row_step(), 64);
        std::vector<std::byte> pixels(row * std::min(band, height));
        sum = 0;
        for (std::int64_t y = 0; y < height; y += band) {
            const std::int64_t rows = std::min(band, height - y);
            stored->read_rows(0, y, rows, pixels);
            // A few of the bytes: adding all would take as long as unpacking them.
            for (std::int64_t x = 0; x < row; ++x) sum += std::to_integer<std::uint64_t>(pixels[x]);
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        seconds.push_back(took.count());
        step = band;
    }
    fmt::print("{{\"seconds\": [{:.4f}], \"band\": {}, \"sum\": {}}}\n", fmt::join(seconds, ", "),
               step, sum);
}
