#include "tests/check/checked.h"
#include "unet/check/planes.h"

namespace unet {
namespace {

class ImagesTest : public CheckTest {};

TEST_F(ImagesTest, EqualImagesAreToldAndOtherLabelsToo) {
    images[4].image = images[1].image;
    const auto found = of_kind(check(), FindingKind::duplicate);
    ASSERT_EQ(found.size(), 1u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "images/e.png");
    EXPECT_EQ(found[0].other, folder / "images/b.png");
    EXPECT_EQ(found[0].sure, 1.0);
    EXPECT_NE(found[0].what.find("with other labels"), std::string::npos);
}

TEST_F(ImagesTest, NearlyEqualImagesAreANoteUnlessOneValidates) {
    images[4] = images[1];
    for (std::size_t i = 0; i < images[4].image.values.size(); ++i)
        images[4].image.values[i] = images[4].image.values[i] * 0.8f + static_cast<float>(i % 5);
    for (float& value : images[4].image.values) value = static_cast<float>(static_cast<int>(value));
    auto found = of_kind(check(), FindingKind::duplicate);
    ASSERT_EQ(found.size(), 1u) << text_of(found);
    EXPECT_EQ(found[0].severity, Severity::note);
    std::string rows = "image,label,split\n";
    for (std::size_t i = 0; i < 6; ++i)
        rows +=
            fmt::format("images/{0}.png,labels/{0}.png,{1}\n", name(i), i == 4 ? "val" : "train");
    write("list.csv", rows);
    found = of_kind(check(), FindingKind::duplicate);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::warning);
    EXPECT_NE(found[0].what.find("validates"), std::string::npos);
}

TEST_F(ImagesTest, ASecondSetIsComparedWithTheFirst) {
    write_images();
    write("val/images/z.png", images[3].image);
    write("val/labels/z.png", images[3].labels);
    CheckOptions options;
    EXPECT_TRUE(of_kind(check_files(options), FindingKind::duplicate).empty());
    options.val = folder / "val";
    UNET_EXPECT_ONE(check_files(options), FindingKind::duplicate, "z.png");
}

TEST_F(ImagesTest, AnImageOfOneValueIsAWarning) {
    for (float& value : images[3].image.values) value = 9.0f;
    const auto findings = check();
    UNET_EXPECT_ONE(findings, FindingKind::outlier, "d.png");
    EXPECT_EQ(of_kind(findings, FindingKind::outlier)[0].severity, Severity::warning);
}

TEST_F(ImagesTest, BlurredAndDimImagesStandApart) {
    for (int pass = 0; pass < 60; ++pass) smooth(images[1].image.values, 96, 96);
    for (float& value : images[1].image.values) value = static_cast<float>(static_cast<int>(value));
    const auto blurred = of_kind(check(), FindingKind::outlier);
    ASSERT_FALSE(blurred.empty());
    EXPECT_EQ(blurred[0].file, folder / "images/b.png");
    EXPECT_NE(text_of(blurred).find("less sharp"), std::string::npos) << text_of(blurred);
    images[1] = image_of(discs_of(1), 96, 96, 40.0f);
    EXPECT_NE(text_of(of_kind(check(), FindingKind::outlier)).find("lower in contrast"),
              std::string::npos);
}

TEST_F(ImagesTest, PixelSizesThatDifferAreTold) {
    write_images();
    for (std::size_t i = 0; i < 6; ++i) {
        std::filesystem::remove(folder / ("images/" + name(i) + ".png"));
        const double edge = i == 2 ? 0.9 : i == 3 ? 0.6 : 0.5;
        images[i].image.spacing = {{0.0, edge, edge}, "um"};
        write("images/" + name(i) + ".tif", images[i].image);
    }
    UNET_EXPECT_ONE(check_files(), FindingKind::spacing, "c.tif");
}

}  // namespace
}  // namespace unet
