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

TEST_F(ImagesTest, AHotPixelIsToldAndHidesNothing) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        images[i].image.type = SampleType::u16;
        images[i].image.values[5 * 96 + 7] = 65535.0f;
    }
    images[2].image.values[900] = 60000.0f;
    const auto findings = check();
    const auto found = of_kind(findings, FindingKind::extreme);
    ASSERT_EQ(found.size(), images.size()) << text_of(found);
    EXPECT_EQ(found[2].severity, Severity::warning);
    EXPECT_EQ(found[2].place, "row 5, column 7");
    EXPECT_NE(found[2].what.find("2 value(s) lie far beyond all others, the first is 65535"),
              std::string::npos)
        << found[2].what;
    // Beside one pixel that is so bright, all images are nearly equal and equally bright.
    EXPECT_TRUE(of_kind(findings, FindingKind::duplicate).empty()) << text_of(findings);
}

TEST_F(ImagesTest, ASaturatedSpotIsToldBesideDimObjects) {
    images[3].image.type = SampleType::u16;
    for (std::int64_t y = 60; y < 66; ++y)  // 36 of 9216: the percentile 99.8 is one of them
        for (std::int64_t x = 50; x < 56; ++x) images[3].image.values[y * 96 + x] = 65535.0f;
    const auto found = of_kind(check(), FindingKind::extreme);
    ASSERT_EQ(found.size(), 1u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "images/d.png");
    EXPECT_NE(found[0].what.find("36 value(s)"), std::string::npos) << found[0].what;
}

TEST_F(ImagesTest, BrightObjectsAreNoHotPixels) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        images[i] = image_of({{40, 40, 2}}, 96, 96, 200.0f);  // 13 pixels of 9216
    }
    EXPECT_TRUE(of_kind(check(), FindingKind::extreme).empty());
}

TEST_F(ImagesTest, ABorderOfAnotherValueIsTold) {
    Image& framed = images[1].image;
    for (std::int64_t y = 0; y < 96; ++y)
        for (std::int64_t x = 0; x < 96; ++x)
            if (y >= 80 || x >= 90)
                framed.values[y * 96 + x] = 255.0f;
            else
                framed.values[y * 96 + x] = framed.values[y * 96 + x] * 0.25f;
    for (float& value : framed.values) value = static_cast<float>(static_cast<int>(value));
    const auto found = of_kind(check(), FindingKind::extreme);
    ASSERT_EQ(found.size(), 1u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "images/b.png");
    EXPECT_NE(found[0].what.find("a border of 255 takes 22 % of the image"), std::string::npos)
        << found[0].what;
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
