#include "unet/annotation/colour_table.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "unet/core/error.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::string told_of(const std::vector<float>& values) {
    const fs::path path = fs::temp_directory_path() / fmt::format("unet {} c.tif", ::getpid());
    Image image;
    image.size = {1, 1, std::ssize(values)};
    image.values = values;
    write_image(path, image);
    std::string told;
    try {
        read_colour_mask(path, read_colour_table("background=#000000,a=#010101"));
    } catch (const Error& error) {
        told = error.what();
    }
    fs::remove(path);
    return told;
}

TEST(ColourTableTest, FractionsAreNoColours) {
    EXPECT_EQ(told_of({0.0f, 1.0f}), "");
    for (const float value : {0.25f, 1.5f, -1.0f, 256.0f})
        EXPECT_NE(
            told_of({0.0f, value})
                .find(fmt::format(
                    "c.tif: found {0}, {0}, {0} at row 0, column 1, expected colours of whole "
                    "numbers from 0 to 255",
                    value)),
            std::string::npos)
            << told_of({0.0f, value});
    EXPECT_NE(told_of({0.0f, 2.0f}).find("1 pixel(s) of colours that --colours does not name"),
              std::string::npos);
}

}  // namespace
}  // namespace unet
