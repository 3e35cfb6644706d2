#include <algorithm>

#include "tests/check/checked.h"
#include "unet/check/fit.h"

namespace unet {
namespace {

class PlacingTest : public CheckTest {
protected:
    PlacingTest() { instances = true; }
    static LabelMap moved(const LabelMap& labels, std::int64_t dy, std::int64_t dx) {
        LabelMap result{labels.size, std::vector<std::uint32_t>(labels.values.size(), 0), {}};
        for (std::int64_t y = std::max<std::int64_t>(dy, 0);
             y < std::min<std::int64_t>(96, 96 + dy); ++y)
            for (std::int64_t x = std::max<std::int64_t>(dx, 0);
                 x < std::min<std::int64_t>(96, 96 + dx); ++x)
                result.plane()[y * 96 + x] = labels.plane()[(y - dy) * 96 + x - dx];
        return result;
    }
};

TEST_F(PlacingTest, BordersFitWhereTheObjectsAre) {
    const LabelledImage& drawn = images[0];
    const Slopes slopes(drawn.image, 0);
    const auto border = border_of(drawn.labels, 0, 5000);
    EXPECT_GT(slopes.fit(border, 0, 0), 0.5);
    EXPECT_LT(std::abs(slopes.fit(border, 0, 9)), 0.3);
    EXPECT_EQ(slopes.fit(border, 80, 80), 0.0);
    // Dark objects: the slope leads out of them.
    Image dark = drawn.image;
    for (float& value : dark.values) value = 255.0f - value;
    EXPECT_NEAR(Slopes(dark, 0).fit(border, 0, 0), -slopes.fit(border, 0, 0), 1e-6);
}

TEST_F(PlacingTest, TheEdgeOfTheImageIsNoBorder) {
    LabelMap all{{1, 8, 8}, std::vector<std::uint32_t>(64, 1), {}};
    EXPECT_TRUE(border_of(all, 0, 100).empty());
    all.values[0] = 0;
    EXPECT_EQ(border_of(all, 0, 100).size(), 3u);
    EXPECT_EQ(border_of(all, 0, 2).size(), 2u);
}

TEST_F(PlacingTest, ShiftedLabelsAreToldWithTheWayBack) {
    images[2].labels = moved(images[2].labels, 6, -4);
    const auto findings = check();
    UNET_EXPECT_ONE(findings, FindingKind::shifted, "c.png");
    const std::string what = of_kind(findings, FindingKind::shifted)[0].what;
    EXPECT_NE(what.find("6 pixels up and 4 pixels to the right"), std::string::npos) << what;
}

TEST_F(PlacingTest, TwoPixelsAreNoShift) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        auto discs = discs_of(static_cast<std::int64_t>(i));
        for (Disc& disc : discs) disc.radius = 3;  // so small that they hardly overlap then
        images[i] = image_of(discs);
        images[i].labels = moved(images[i].labels, 2, 1);
    }
    EXPECT_TRUE(of_kind(check(), FindingKind::shifted).empty());
}

TEST_F(PlacingTest, MirroredAndTurnedLabelsAreTold) {
    const LabelMap labels = images[1].labels;
    const auto turned = [&](auto source) {
        for (std::int64_t y = 0; y < 96; ++y)
            for (std::int64_t x = 0; x < 96; ++x)
                images[1].labels.plane()[y * 96 + x] = labels.plane()[source(y, x)];
        const auto found = of_kind(check(), FindingKind::mirrored);
        return found.size() == 1 ? found[0].what : text_of(check());
    };
    EXPECT_NE(turned([](auto y, auto x) { return y * 96 + 95 - x; }).find("left to right"),
              std::string::npos);
    EXPECT_NE(turned([](auto y, auto x) { return x * 96 + y; }).find("rows and columns exchanged"),
              std::string::npos);
    EXPECT_NE(turned([](auto y, auto x) { return (95 - x) * 96 + y; }).find("by 90 degrees"),
              std::string::npos);
}

TEST_F(PlacingTest, ExchangedLabelsAreToldOnBothSides) {
    std::swap(images[1].labels, images[4].labels);
    const auto found = of_kind(check(), FindingKind::swapped);
    ASSERT_EQ(found.size(), 2u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "labels/b.png");
    EXPECT_EQ(found[0].other, folder / "labels/e.png");
    EXPECT_EQ(found[1].file, folder / "labels/e.png");
}

TEST_F(PlacingTest, LabelsOfAnImageWithoutAnythingToSeeAreLeftAlone) {
    for (float& value : images[3].image.values)
        value = 20.0f + static_cast<float>(static_cast<int>(value) % 7);
    const auto findings = check();
    EXPECT_TRUE(of_kind(findings, FindingKind::shifted).empty()) << text_of(findings);
    EXPECT_TRUE(of_kind(findings, FindingKind::swapped).empty()) << text_of(findings);
}

}  // namespace
}  // namespace unet
