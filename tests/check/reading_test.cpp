#include <fmt/ranges.h>

#include <atomic>
#include <fstream>

#include "tests/check/checked.h"
#include "tests/data/made.h"

namespace unet {
namespace {

class ReadingTest : public CheckTest {};

TEST_F(ReadingTest, ACleanSetHasNoErrorAndNoWarning) {
    for (const Finding& finding : check())
        EXPECT_EQ(finding.severity, Severity::note) << text_of({finding});
}

TEST_F(ReadingTest, FilesWithoutPartnerAreAllToldWithTheNearestName) {
    write_images();
    std::filesystem::rename(folder / "labels/b.png", folder / "labels/b_mask.png");
    std::filesystem::remove(folder / "labels/d.png");
    const auto found = of_kind(check_files(), FindingKind::missing);
    ASSERT_EQ(found.size(), 3u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "images/b.png");
    EXPECT_EQ(found[0].severity, Severity::error);
    EXPECT_NE(found[0].todo.find("b_mask.png"), std::string::npos) << found[0].todo;
    EXPECT_EQ(found[1].file, folder / "images/d.png");
    EXPECT_EQ(found[2].file, folder / "labels/b_mask.png");
    EXPECT_EQ(found[2].severity, Severity::warning);
}

TEST_F(ReadingTest, LabelledOnlyMakesAMissingLabelANote) {
    write_images();
    std::filesystem::remove(folder / "labels/d.png");
    CheckOptions options;
    options.reading.labelled_only = true;
    const auto found = of_kind(check_files(options), FindingKind::missing);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::note);
}

TEST_F(ReadingTest, TwoFilesOfOneNameAndBadRowsOfATableAreTold) {
    write_images();
    write("images/c.tif", images[2].image);
    UNET_EXPECT_ONE(check_files(), FindingKind::missing, "c.tif");
    write("list.csv",
          std::string("image,label\nimages/a.png,labels/a.png\nimages/x.png,labels/b.png\n"
                      "images/b.png,labels/b.png\n"));
    const auto findings = check_files();
    UNET_EXPECT_ONE(findings, FindingKind::missing, "list.csv");
    EXPECT_NE(of_kind(findings, FindingKind::missing)[0].what.find("line 3"), std::string::npos);
}

TEST_F(ReadingTest, EveryLabelOfAnotherSizeIsTold) {
    images[1].labels = image_of(discs_of(1), 96, 90).labels;
    images[4].labels = image_of(discs_of(4), 48, 48).labels;
    const auto found = of_kind(check(), FindingKind::size);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].file, folder / "labels/b.png");
    EXPECT_EQ(found[1].file, folder / "labels/e.png");
    EXPECT_NE(found[1].what.find("48x48"), std::string::npos);
}

TEST_F(ReadingTest, FilesThatCannotBeReadAreTold) {
    write_images();
    std::filesystem::resize_file(folder / "labels/b.png", 90);
    write("images/c.png", std::string("no image"));
    const auto found = of_kind(check_files(), FindingKind::type);
    ASSERT_EQ(found.size(), 2u) << text_of(found);
    EXPECT_EQ(found[0].file, folder / "images/c.png");
    EXPECT_EQ(found[1].file, folder / "labels/b.png");
    EXPECT_EQ(found[1].severity, Severity::error);
}

TEST_F(ReadingTest, AJpegIsToldWhateverItsName) {
    write_images();
    write("labels/b.png", std::string("\xff\xd8\xff\xe0 and so on"));
    UNET_EXPECT_ONE(check_files(), FindingKind::jpeg, "b.png");
}

TEST_F(ReadingTest, FloatsAreANoteWhereWholeAndAnErrorWhereNot) {
    write_images();
    Image floats{{1, 96, 96}, 1, {}, SampleType::f32, {}, false};
    for (const std::uint32_t value : images[1].labels.values)
        floats.values.push_back(static_cast<float>(value));
    std::filesystem::remove(folder / "labels/b.png");
    write("labels/b.tif", floats);
    auto found = of_kind(check_files(), FindingKind::type);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::note);
    for (float& value : floats.values) value *= 0.5f;
    write("labels/b.tif", floats);
    found = of_kind(check_files(), FindingKind::type);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].severity, Severity::error);
}

TEST_F(ReadingTest, ColoursAreCounted) {
    write_images();
    Image colours{{1, 96, 96}, 3, std::vector<float>(3 * 96 * 96, 0.0f), SampleType::u8, {}, true};
    for (std::size_t i = 0; i < 40; ++i) colours.values[i] = 255.0f;
    write("labels/b.png", colours);
    const auto findings = check_files();
    UNET_EXPECT_ONE(findings, FindingKind::rgb, "b.png");
    EXPECT_NE(of_kind(findings, FindingKind::rgb)[0].what.find("2 colours: (0, 0, 0) on 9176"),
              std::string::npos)
        << text_of(findings);
}

TEST_F(ReadingTest, TheSummaryHasALineForEachKindOfErrorAndWarning) {
    write_images();
    std::filesystem::remove(folder / "labels/b.png");
    std::filesystem::remove(folder / "labels/d.png");
    std::filesystem::copy(folder / "images/a.png", folder / "images/e.png",
                          std::filesystem::copy_options::overwrite_existing);
    Context context(1);
    CheckOptions options;
    options.reading.images = folder;
    const auto lines = check_data(context, options).summary();
    ASSERT_EQ(lines.size(), 3u) << fmt::format("{}", fmt::join(lines, "\n"));
    EXPECT_TRUE(lines[0].starts_with("error: images and labels that do not pair up: ")) << lines[0];
    EXPECT_NE(lines[0].find("b.png: "), std::string::npos) << lines[0];
    EXPECT_TRUE(lines[0].ends_with(" (and 1 more)")) << lines[0];
    EXPECT_TRUE(lines[2].starts_with("warning: equal images: ")) << lines[2];
}

TEST_F(ReadingTest, ALookThatIsToStopEndsWithoutResult) {
    write_images();
    Context context(2);
    CheckOptions options;
    options.reading.images = folder;
    std::atomic<int> asked = 0;
    options.stop = [&] { return ++asked > 8; };  // six files are read, then it is said
    EXPECT_EQ(message_of([&] { check_data(context, options); }), "check: stopped before its end");
}

TEST_F(ReadingTest, NothingToReadIsAnError) {
    Context context(1);
    CheckOptions options;
    options.reading.images = folder / "nowhere";
    EXPECT_EQ(message_of([&] { check_data(context, options); }),
              "DIR/nowhere: no such file or folder");
}

}  // namespace
}  // namespace unet
