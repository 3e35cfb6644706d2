#include "unet/train/validation_images.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace unet {
namespace {

/// A blank image with labels of value 1; its first pixel tells images apart.
Sample blank(const std::string& name, const Size3& size) {
    Sample sample;
    sample.name = name;
    sample.image = {
        size,           1,  std::vector<float>(static_cast<std::size_t>(size.elements()), 2.0f),
        SampleType::u8, {}, false};
    sample.labels = {size, std::vector<std::uint32_t>(sample.image.values.size(), 1u), {}};
    return sample;
}

Dataset set_of(std::vector<Sample> samples) {
    Dataset set;
    set.meaning = {LabelKind::classes, {0, 1}, 9, ""};
    set.samples = std::move(samples);
    return set;
}

TEST(ValidationImagesTest, ImagesOfUsualSizeStayAsTheyAre) {
    Context context(1);
    const Dataset set = validation_images(
        context, set_of({blank("b", {1, 2048, 2048}), blank("a", {4, 20, 30})}), 1);
    ASSERT_EQ(set.samples.size(), 2u);
    EXPECT_EQ(set.samples[0].image.size, (Size3{4, 20, 30}));
    EXPECT_EQ(set.samples[1].image.size, (Size3{1, 2048, 2048}));
}

TEST(ValidationImagesTest, OfALargeImageEvenSquaresAreDrawn) {
    Context context(1);
    Sample large = blank("large", {2, 3000, 1500});
    // What is known of the first slice is a single pixel, of the square at (1000, 750).
    std::fill_n(large.labels.values.begin(), 3000 * 1500, 9u);
    large.labels.values[1001 * 1500 + 760] = 1;
    const Dataset set =
        validation_images(context, set_of({std::move(large), blank("x", {1, 9, 9})}), 7);
    std::set<std::string> names;
    std::int64_t pixels = 0;
    for (const Sample& sample : set.samples) {
        if (sample.name == "x") continue;
        EXPECT_TRUE(names.insert(sample.name).second) << sample.name << " was drawn twice";
        EXPECT_EQ(sample.image.size, (Size3{1, 1000, 750}));
        if (sample.name.find("_z0") != std::string::npos) {
            EXPECT_EQ(sample.name, "large_z0_y1000_x750");
        }
        pixels += sample.image.size.elements();
    }
    EXPECT_EQ(names.size(), 7u) << "six of the second slice, one of the first";
    EXPECT_LE(pixels, 1 << 23);
    EXPECT_EQ(set.samples.back().name, "x");
}

TEST(ValidationImagesTest, TheSeedAloneDecides) {
    Context one(1), two(2);
    const auto names = [](Context& context, std::uint64_t seed) {
        std::vector<std::string> drawn;
        for (const Sample& sample :
             validation_images(context, set_of({blank("large", {1, 5000, 5000})}), seed).samples)
            drawn.push_back(sample.name);
        return drawn;
    };
    EXPECT_EQ(names(one, 1), names(two, 1));
    EXPECT_NE(names(one, 1), names(one, 2));
    EXPECT_EQ(names(one, 1).size(), 8u) << "8 Mi pixels of 25 squares of 1000 x 1000";
}

}  // namespace
}  // namespace unet
