#include "unet/pixels/region.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/testing/folder.h"

namespace unet {
namespace {

/// Every value names its place: c 1000 + z 100 + y 10 + x.
Image numbered() {
    Image image;
    image.size = {2, 3, 4};
    image.channels = 2;
    for (int c = 0; c < 2; ++c)
        for (int z = 0; z < 2; ++z)
            for (int y = 0; y < 3; ++y)
                for (int x = 0; x < 4; ++x)
                    image.values.push_back(static_cast<float>(c * 1000 + z * 100 + y * 10 + x));
    return image;
}

TEST(RegionTest, SourceReadsABoxOfAllChannels) {
    const Image image = numbered();
    ImageSource source(image);
    std::vector<float> values(2 * 1 * 2 * 2);
    source.read({1, 1, 2, {1, 2, 2}}, values);
    EXPECT_EQ(values, (std::vector<float>{112, 113, 122, 123, 1112, 1113, 1122, 1123}));
}

TEST(RegionTest, SinkPutsBoxesBackTogether) {
    const Image image = numbered();
    ImageSource source(image);
    Image copy;
    ImageSink sink(copy, 2, image.size);
    for (std::int64_t z = 0; z < 2; ++z)
        for (std::int64_t y = 0; y < 3; y += 2)
            for (std::int64_t x = 0; x < 4; x += 3) {
                const Region region{
                    z,
                    y,
                    x,
                    {1, std::min<std::int64_t>(2, 3 - y), std::min<std::int64_t>(3, 4 - x)}};
                std::vector<float> values(2 * region.size.elements());
                source.read(region, values);
                sink.write(region, values);
            }
    EXPECT_EQ(copy.values, image.values);
    EXPECT_EQ(copy.channels, 2);
}

TEST(RegionTest, LabelsGoWhereTheirRegionLies) {
    std::vector<std::uint32_t> labels(2 * 3 * 4, 9);
    LabelSink sink(labels, {2, 3, 4});
    sink.write({1, 1, 2, {1, 2, 2}}, std::vector<float>{0, 70000, 2, 3});
    std::vector<std::uint32_t> expected(24, 9);
    expected[18] = 0;
    expected[19] = 70000;
    expected[22] = 2;
    expected[23] = 3;
    EXPECT_EQ(labels, expected);
    EXPECT_THROW(sink.write({0, 0, 3, {1, 1, 2}}, std::vector<float>(2)), Error);
    EXPECT_TRUE(contains(message_of([&] { LabelSink(labels, {1, 3, 4}); }), "found 24"));
}

TEST(RegionTest, LabelsBeyondFloatsAreExactOrRefused) {
    const std::vector<std::uint32_t> large{16777217, 4294967295}, exact{16777216, 0};
    std::vector<std::uint32_t> labels(6);
    LabelSink sink(labels, {1, 2, 3});
    sink.write_labels({0, 1, 1, {1, 1, 2}}, large);
    EXPECT_EQ(labels, (std::vector<std::uint32_t>{0, 0, 0, 0, 16777217, 4294967295}));
    EXPECT_THROW(sink.write_labels({0, 1, 2, {1, 1, 2}}, large), Error);
    Image image;
    ImageSink floats(image, 1, {1, 1, 2});
    floats.write_labels({0, 0, 0, image.size}, exact);
    EXPECT_EQ(image.values, (std::vector<float>{16777216, 0}));
    EXPECT_TRUE(contains(message_of([&] {
                             floats.write_labels({0, 0, 0, image.size}, large);
                         }),
                         "found the label 16777217, this sink holds labels up to 16777216"));
}

TEST(RegionTest, OutsideAndWrongSizeAreRefused) {
    Image image = numbered();
    ImageSource source(image);
    ImageSink sink(image, 1, {1, 3, 4});
    std::vector<float> values(4);
    for (const Region& region : {Region{0, 2, 0, {1, 2, 2}}, Region{0, 0, -1, {1, 2, 2}},
                                 Region{0, 0, 3, {1, 2, 2}}, Region{1, 0, 0, {1, 2, 2}}})
        EXPECT_TRUE(contains(message_of([&] { sink.write(region, values); }), "outside the image"));
    EXPECT_TRUE(contains(message_of([&] {
                             source.read({0, 0, 0, {1, 2, 3}}, values);
                         }),
                         "needs 6 values"));
}

}  // namespace
}  // namespace unet
