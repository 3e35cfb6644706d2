#include "unet/pixels/resize.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace unet {
namespace {

nlohmann::json expected() {
    std::ifstream file(UNET_SOURCE_DIR "/tests/pixels/resize_values.json");
    return nlohmann::json::parse(file).at("cases");
}

// Pillow weighs in double and stores floats of values up to 100: half a unit in the last place, and
// our weights and up to 72 sums in float32 each as much again.
constexpr double tolerance = 100 * 80 * 0x1p-24;

TEST(ResizeTest, RowsAreThoseOfPillow) {
    for (const auto& each : expected())
        for (const auto& [name, interpolation] :
             {std::pair{"linear", Interpolation::linear}, {"cubic", Interpolation::cubic}}) {
            const auto row = each.at("row").get<std::vector<float>>();
            const auto made = each.at(name).get<std::vector<double>>();
            const AxisResize resize(std::ssize(row), std::ssize(made), interpolation);
            std::vector<float> along(made.size()), across(made.size());
            resize.along(0, std::ssize(made), row.data(), along.data());
            for (std::int64_t k = 0; k < std::ssize(made); ++k) {
                resize.across(k, row.data() + resize.begin(k), 1, 1, &across[k]);
                EXPECT_NEAR(along[k], made[k], tolerance)
                    << name << ' ' << row.size() << " to " << made.size() << ", pixel " << k;
                EXPECT_LE(resize.end(k) - resize.begin(k), resize.taps());
                EXPECT_LE(resize.end(k), std::ssize(row));
            }
            EXPECT_EQ(along, across) << name;
        }
}

TEST(ResizeTest, AsManyPixelsAreCopies) {
    const std::vector<float> row{3.0f, -1.0f, 7.5f, 1e30f};
    std::vector<float> made(row.size());
    const AxisResize resize(4, 4, Interpolation::cubic);
    resize.along(0, 4, row.data(), made.data());
    EXPECT_EQ(made, row);
}

}  // namespace
}  // namespace unet
