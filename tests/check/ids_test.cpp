#include "tests/check/checked.h"

namespace unet {
namespace {

class IdsTest : public CheckTest {
protected:
    IdsTest() { instances = true; }
    std::uint32_t& at(std::size_t image, std::int64_t y, std::int64_t x) {
        return images[image].labels.values[y * 96 + x];
    }
};

TEST_F(IdsTest, AnIdCutInTwoIsInPieces) {
    const Disc disc = discs_of(1)[0];
    for (std::int64_t x = 0; x < 40; ++x) at(1, disc.y, x) = 0;
    const auto findings = check();
    UNET_EXPECT_ONE(findings, FindingKind::pieces, "b.png");
    EXPECT_TRUE(of_kind(findings, FindingKind::repeated).empty());
    EXPECT_NE(of_kind(findings, FindingKind::pieces)[0].place.find("row"), std::string::npos);
}

TEST_F(IdsTest, PiecesThatMeetAtACornerAreOne) {
    const Disc disc = discs_of(1)[0];
    for (std::int64_t x = 0; x < disc.x; ++x) at(1, disc.y, x) = 0;
    for (std::int64_t x = disc.x; x < 40; ++x) at(1, disc.y + 1, x) = 0;
    EXPECT_TRUE(of_kind(check(), FindingKind::pieces).empty());
}

TEST_F(IdsTest, AnIdOnTwoObjectsIsRepeated) {
    for (std::uint32_t& value : images[2].labels.values) value = value == 4 ? 1 : value;
    const auto findings = check();
    UNET_EXPECT_ONE(findings, FindingKind::repeated, "c.png");
    EXPECT_TRUE(of_kind(findings, FindingKind::pieces).empty());
}

TEST_F(IdsTest, FewPixelsBesideLargeObjectsAreSpecks) {
    at(3, 60, 90) = 9;
    at(3, 60, 91) = 9;
    UNET_EXPECT_ONE(check(), FindingKind::specks, "d.png");
}

TEST_F(IdsTest, WhatTheEdgeCutsIsNoSpeck) {
    at(3, 60, 95) = 9;
    EXPECT_TRUE(of_kind(check(), FindingKind::specks).empty());
}

TEST_F(IdsTest, BrightRegionsWithoutLabelAreTold) {
    for (std::uint32_t& value : images[0].labels.values) value = value == 3 ? 0 : value;
    const auto findings = check();
    UNET_EXPECT_ONE(findings, FindingKind::unlabelled, "a.png");
}

TEST_F(IdsTest, SmallBrightDirtIsNotMissing) {
    for (std::int64_t i = 0; i < 9; ++i)
        images[0].image.values[(60 + i / 3) * 96 + 90 + i % 3] = 190.0f;
    EXPECT_TRUE(of_kind(check(), FindingKind::unlabelled).empty());
}

}  // namespace
}  // namespace unet
