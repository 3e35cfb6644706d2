#include "unet/objects/outlines.h"

#include <gtest/gtest.h>

#include "maps.h"

namespace unet {
namespace {

TEST(OutlinesTest, KeepsThePixelsInsideTheBorder) {
    EXPECT_EQ(outlines(map_of({
                           "......",
                           ".aaaa.",
                           ".aaaab",
                           ".aaaab",
                           ".aaaa.",
                       }))
                  .values,
              map_of({
                         "......",
                         ".aaaa.",
                         ".a..ab",
                         ".a..ab",
                         ".a..a.",
                     })
                  .values);
}

TEST(OutlinesTest, AnObjectThatFillsTheImageHasNone) {
    EXPECT_EQ(outlines(map_of({"aa", "aa"})).values, std::vector<std::uint32_t>(4, 0));
}

}  // namespace
}  // namespace unet
