#include "unet/annotation/colour_table.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/image/write.h"

namespace unet {
namespace {

class ColourTableTest : public FolderTest {
protected:
    std::string told_of(const std::vector<float>& values) {
        Image image;
        image.size = {1, 1, std::ssize(values)};
        image.values = values;
        write_image(folder / "c.tif", image);
        const auto table = read_colour_table("background=#000000,a=#010101");
        return message_of([&] { read_colour_mask(folder / "c.tif", table); });
    }
};

TEST_F(ColourTableTest, FractionsAreNoColours) {
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
    EXPECT_NE(told_of({0.0f, 2.0f}).find("1 pixel(s) of colours that `colours` does not name"),
              std::string::npos);
}

}  // namespace
}  // namespace unet
