// A microscope's cameras in, objects out. The weights are in memory once; each camera has a thread
// and a Predictor of its own. After its first frame a camera's thread asks for no more memory.
//
//     embed MODEL
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "unet/unet.h"

namespace {

constexpr std::int64_t height = 240, width = 320;
constexpr std::ptrdiff_t row_bytes = 2 * width + 64;  // as the camera's driver pads its rows

/// Stands for the driver: fills `memory` with a 16 bit picture, a bright square that moves.
void grab(std::vector<std::uint8_t>& memory, int number) {
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            const bool bright = y / 20 == 5 && (x - 4 * number) / 20 == 7;
            const std::uint16_t value = bright ? 3000 : 400;
            std::memcpy(&memory[y * row_bytes + 2 * x], &value, 2);
        }
}

void watch(std::shared_ptr<const unet::PreparedModel> model, const std::atomic<bool>& stop,
           int camera) {
    try {
        unet::PredictOptions options{.threads = 1};
        options.cancelled = [&stop] { return stop.load(); };  // asked between tiles
        unet::Predictor predictor(std::move(model), options);

        std::vector<std::uint8_t> memory(height * row_bytes);
        std::vector<std::uint32_t> objects(height * width);
        unet::FrameSource frame({.data = memory.data(),
                                 .type = unet::SampleType::u16,
                                 .height = height,
                                 .width = width,
                                 .row_stride = row_bytes});
        for (int number = 0; number < 5; ++number) {
            grab(memory, number);
            const auto count = predictor.objects(frame, objects);  // 0, or ids 1 .. count
            std::printf("camera %d, frame %d: %d objects\n", camera, number,
                        static_cast<int>(count));
        }
    } catch (const unet::Error& error) {
        std::fprintf(stderr, "camera %d: %s\n", camera, error.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fprintf(stderr, "usage: embed MODEL\n"), 2;
    try {
        const auto model = std::make_shared<const unet::PreparedModel>(unet::read_model(argv[1]));
        const std::atomic<bool> stop{false};  // set by whoever ends the watch
        std::jthread second(watch, model, std::cref(stop), 2);
        watch(model, stop, 1);
    } catch (const unet::Error& error) {
        return std::fprintf(stderr, "embed: %s\n", error.what()), 1;
    }
}
