#include "tests/check/checked.h"

namespace unet {
namespace {

class ValuesTest : public CheckTest {
protected:
    void mask(LabelMap& labels, std::uint32_t value = 255) {
        for (std::uint32_t& each : labels.values) each = each != 0 ? value : 0;
    }
    /// Columns of 1, 2, 3, ... so wide, in every map: each class in several pieces.
    void stripes(std::int64_t width, std::uint32_t classes) {
        for (LabelledImage& drawn : images)
            for (std::size_t i = 0; i < drawn.labels.values.size(); ++i)
                drawn.labels.values[i] = static_cast<std::uint32_t>(
                    (static_cast<std::int64_t>(i % 96) / width) % (classes + 1));
    }
};

TEST_F(ValuesTest, SoftEdgesAreToldAndMasksAreNot) {
    for (LabelledImage& drawn : images) mask(drawn.labels);
    EXPECT_TRUE(of_kind(check(), FindingKind::soft).empty());
    LabelMap& labels = images[3].labels;
    const LabelMap hard = labels;
    for (std::size_t i = 97; i + 97 < labels.values.size(); ++i)
        labels.values[i] = (4 * hard.values[i] + 2 * hard.values[i - 1] + hard.values[i + 1] +
                            3 * hard.values[i - 96] + hard.values[i + 96]) /
                           11;
    UNET_EXPECT_ONE(check(), FindingKind::soft, "d.png");
}

TEST_F(ValuesTest, ManyNumberedObjectsAreNoSoftEdges) {
    std::vector<Disc> discs;
    for (std::int64_t y = 4; y < 90; y += 7)
        for (std::int64_t x = 4; x < 90; x += 7) discs.push_back({y, x, 2});
    discs.back().radius = 3;  // the most frequent value but 0, and as high as a mask's white
    images[0] = image_of(discs);
    EXPECT_TRUE(of_kind(check(), FindingKind::soft).empty());
}

TEST_F(ValuesTest, AMaskAmongNumberedMapsIsAWarningASetOfMasksANote) {
    mask(images[2].labels);
    const auto one = check();
    UNET_EXPECT_ONE(one, FindingKind::binary, "c.png");
    EXPECT_EQ(of_kind(one, FindingKind::binary)[0].severity, Severity::warning);
    for (LabelledImage& drawn : images) mask(drawn.labels);
    const auto all = of_kind(check(), FindingKind::binary);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].severity, Severity::note);
}

TEST_F(ValuesTest, ValuesThatMayMeanSeveralThingsAreAnError) {
    stripes(10, 2);
    const auto found = of_kind(check(), FindingKind::meaning);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::error);
    EXPECT_NE(found[0].what.find("`labels`"), std::string::npos);
    CheckOptions options;
    options.reading.label_kind = LabelsChoice::classes;
    EXPECT_TRUE(of_kind(check(options), FindingKind::meaning).empty());
}

TEST_F(ValuesTest, EmptyLabelsAreTold) {
    for (std::uint32_t& value : images[4].labels.values) value = 0;
    UNET_EXPECT_ONE(check(), FindingKind::empty, "e.png");
}

TEST_F(ValuesTest, RareAndMissingClassesAreTold) {
    CheckOptions options;
    options.reading.label_kind = LabelsChoice::classes;
    stripes(4, 3);
    EXPECT_TRUE(of_kind(check(options), FindingKind::rare_class).empty());
    EXPECT_TRUE(of_kind(check(options), FindingKind::missing_class).empty());
    images[1].labels.values[50] = images[2].labels.values[50] = 5;
    const auto findings = check(options);
    UNET_EXPECT_ONE(findings, FindingKind::rare_class, "b.png");
    const auto gaps = of_kind(findings, FindingKind::missing_class);
    ASSERT_EQ(gaps.size(), 1u);
    EXPECT_NE(gaps[0].what.find("value 4"), std::string::npos) << gaps[0].what;
}

TEST_F(ValuesTest, AClassOnOneSideOfTheSplitIsMissing) {
    CheckOptions options;
    options.reading.label_kind = LabelsChoice::classes;
    stripes(4, 3);
    for (std::uint32_t& value : images[5].labels.values) value = value == 3 ? 4 : value;
    std::string rows = "image,label,split\n";
    for (std::size_t i = 0; i < 6; ++i)
        rows +=
            fmt::format("images/{0}.png,labels/{0}.png,{1}\n", name(i), i == 5 ? "val" : "train");
    write("list.csv", rows);
    const auto found = of_kind(check(options), FindingKind::missing_class);
    ASSERT_EQ(found.size(), 2u) << text_of(found);
    EXPECT_NE(found[0].what.find("class 3 is in no validation"), std::string::npos);
    EXPECT_NE(found[1].what.find("class 4 is in validation images only"), std::string::npos);
}

}  // namespace
}  // namespace unet
