#include "unet/data/common_size.h"

#include <gtest/gtest.h>

#include "tests/data/made.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

/// An 8 x 8 image with one object of 4 x 4 pixels.
Dataset set_of_one() {
    Sample sample;
    sample.name = "one";
    sample.image = {{1, 8, 8}, 1, {}, SampleType::u8, {}};
    for (std::int64_t y = 0; y < 8; ++y)
        for (std::int64_t x = 0; x < 8; ++x)
            sample.image.values.push_back(static_cast<float>((x * 7 + y * 13) % 32 * 8));
    sample.labels = made::map_of({"00000000", "00000000", "00333300", "00333300", "00333300",
                                  "00333300", "00000000", "00000000"});
    Dataset set;
    set.samples.push_back(sample);
    set.meaning = {LabelKind::instances, {0, 1}, {}, ""};
    return set;
}

TEST(CommonSizeTest, TheMedianObjectOfAllImages) {
    Context context(2);
    EXPECT_DOUBLE_EQ(median_object_diameter(context, set_of_one()), equivalent_diameter(16));
    EXPECT_EQ(median_object_diameter(context, Dataset{}), 0.0);
}

/// Rows 3 and 10 of Pillow's resize of the float image with BICUBIC to 16 x 16, limited to the
/// image's own extremes and rounded (no value lies within 0.01 of a half).
TEST(CommonSizeTest, ImagesAreResizedAsPillowDoesAndLabelsByTheNearest) {
    Context context(1);
    Dataset set = set_of_one();
    EXPECT_EQ(bring_to_common_size(context, set, 2.0 * equivalent_diameter(16)), 1);
    const Sample& sample = set.samples[0];
    EXPECT_EQ(sample.image.size, (Size3{1, 16, 16}));
    EXPECT_DOUBLE_EQ(sample.magnification, 2.0);
    const std::vector<float> row_3 = {136, 134, 131, 149, 190, 159, 55,  23,
                                      64,  105, 147, 163, 156, 170, 203, 219};
    const std::vector<float> row_10 = {29,  45,  78, 92, 85, 101, 143, 184,
                                       225, 193, 89, 58, 99, 117, 114, 112};
    const std::vector<float>& values = sample.image.values;
    EXPECT_EQ(std::vector<float>(values.begin() + 48, values.begin() + 64), row_3);
    EXPECT_EQ(std::vector<float>(values.begin() + 160, values.begin() + 176), row_10);
    ASSERT_EQ(sample.labels.size, sample.image.size);
    for (std::int64_t y = 0; y < 16; ++y)
        for (std::int64_t x = 0; x < 16; ++x)
            EXPECT_EQ(sample.labels.values[y * 16 + x],
                      y >= 4 && y < 12 && x >= 4 && x < 12 ? 3u : 0u);
    // What a prediction of the image in its file is normalised by.
    ASSERT_TRUE(sample.whole.has_value());
    EXPECT_GT(sample.whole->high[0], sample.whole->low[0]);
}

TEST(CommonSizeTest, AtMostThreeTimesAndNotForAnEighth) {
    Context context(1);
    Dataset set = set_of_one();
    EXPECT_EQ(bring_to_common_size(context, set, 1.1 * equivalent_diameter(16)), 0);
    EXPECT_EQ(set.samples[0].image.values, set_of_one().samples[0].image.values);
    EXPECT_EQ(bring_to_common_size(context, set, 50.0 * equivalent_diameter(16)), 1);
    EXPECT_EQ(set.samples[0].image.size, (Size3{1, 24, 24}));

    Dataset empty = set_of_one();
    empty.samples[0].labels.values.assign(64, 0);
    EXPECT_EQ(bring_to_common_size(context, empty, 20.0), 0);
}

}  // namespace
}  // namespace unet
