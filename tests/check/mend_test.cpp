#include "unet/check/mend.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "tests/check/checked.h"
#include "unet/core/files/file.h"
#include "unet/image/read.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

class MendTest : public CheckTest {
protected:
    std::vector<std::string> fix(DatasetOptions reading = {}) {
        Context context(2);
        CheckOptions options;
        options.reading = std::move(reading);
        options.reading.images = folder;
        options.reading.label_kind = LabelsChoice::instances;
        return mend(context, options, folder / "mended");
    }
    Findings check_mended() {
        Context context(1);
        CheckOptions options;
        options.reading.images = folder / "mended";
        options.reading.label_kind = LabelsChoice::instances;
        return check_data(context, options).findings;
    }
    static bool says(const std::vector<std::string>& lines, const std::string& words) {
        for (const std::string& line : lines)
            if (line.find(words) != std::string::npos) return true;
        return false;
    }
};

TEST_F(MendTest, ACleanSetIsCopiedByteForByte) {
    write_images();
    EXPECT_TRUE(fix().empty());
    for (const char* kind : {"images", "labels"})
        for (std::size_t i = 0; i < 6; ++i)
            EXPECT_EQ(read_file(folder / kind / (name(i) + ".png")),
                      read_file(folder / "mended" / kind / (name(i) + ".png")));
    EXPECT_FALSE(std::filesystem::exists(folder / "mended/list.csv"));
}

TEST_F(MendTest, PiecesGetNumbersAndSpecksGo) {
    LabelMap& labels = images[1].labels;
    const Disc disc = discs_of(1)[0];
    for (std::int64_t x = 0; x < 40; ++x) labels.plane()[disc.y * 96 + x] = 0;
    labels.plane()[60 * 96 + 90] = 2;
    write_images();
    const auto done = fix();
    ASSERT_EQ(done.size(), 2u);
    EXPECT_EQ(done[0], "b.png: 1 piece(s) have their own number");
    EXPECT_EQ(done[1], "b.png: 1 speck(s) removed");
    EXPECT_EQ(count_objects(read_labels(folder / "mended/labels/b.png")), 5);
    EXPECT_EQ(count_objects(read_labels(folder / "labels/b.png")), 4);
    EXPECT_TRUE(of_kind(check_mended(), FindingKind::pieces).empty());
    EXPECT_TRUE(of_kind(check_mended(), FindingKind::specks).empty());
}

TEST_F(MendTest, NoPieceGetsTheNumberOfWhatTakesNoPart) {
    LabelMap& labels = images[1].labels;
    const std::uint32_t largest = *std::max_element(labels.values.begin(), labels.values.end());
    const Disc disc = discs_of(1)[0];
    for (std::int64_t x = 0; x < 40; ++x) labels.plane()[disc.y * 96 + x] = 0;
    for (std::int64_t x = 60; x < 96; ++x) labels.plane()[95 * 96 + x] = largest + 1;
    write_images();
    DatasetOptions reading;
    reading.ignore = largest + 1;
    fix(reading);
    const LabelMap mended = read_labels(folder / "mended/labels/b.png");
    EXPECT_EQ(std::count(mended.values.begin(), mended.values.end(), largest + 1), 36);
    EXPECT_GT(std::count(mended.values.begin(), mended.values.end(), largest + 2), 0);
}

TEST_F(MendTest, SlicesAreNotPicked) {
    write_images();
    DatasetOptions reading;
    reading.stacks.pages = "0";
    EXPECT_NE(message_of([&] { fix(reading); }).find("`pages`"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder / "mended"));
}

TEST_F(MendTest, NothingIsThereOfACopyThatWasStopped) {
    write_images();
    Context context(1);
    CheckOptions options;
    options.reading.images = folder;
    int asked = 0;
    options.stop = [&] { return ++asked > 20; };
    EXPECT_NE(message_of([&] { mend(context, options, folder / "mended"); }).find("stopped"),
              std::string::npos);
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        EXPECT_FALSE(entry.path().filename().string().starts_with("mended")) << entry.path();
}

TEST_F(MendTest, WhatCannotBeUsedOrIsThereTwiceIsLeftOut) {
    images[4] = images[1];
    write_images();
    std::filesystem::remove(folder / "labels/a.png");
    std::filesystem::resize_file(folder / "labels/c.png", 60);
    write("images/d.png", std::string("text"));
    const auto done = fix();
    EXPECT_TRUE(says(done, "a.png: left out, no label"))
        << fmt::format("{}", fmt::join(done, "\n"));
    EXPECT_TRUE(says(done, "c: left out, its labels"));
    EXPECT_TRUE(says(done, "d: left out, its image"));
    EXPECT_TRUE(says(done, "e: left out, it is there already"));
    for (const Finding& finding : check_mended())
        EXPECT_NE(finding.severity, Severity::error) << text_of({finding});
}

TEST_F(MendTest, ColoursBecomeOneSetOfClasses) {
    write_images();
    const float reds[] = {0, 255, 0}, greens[] = {0, 0, 255};
    for (std::size_t i = 0; i < 6; ++i) {
        Image colours{{1, 96, 96},    3,  std::vector<float>(3 * 96 * 96, 0.0f),
                      SampleType::u8, {}, true};
        for (std::size_t p = 0; p < 96 * 96; ++p) {
            const std::size_t label = images[i].labels.values[p] % 3;
            colours.plane(0)[p] = reds[label];
            colours.plane(1)[p] = greens[label];
        }
        write("labels/" + name(i) + ".png", colours);
    }
    EXPECT_TRUE(says(fix(), "colours became classes: (0, 0, 0) is 0, "));
    for (std::size_t i = 0; i < 6; ++i) {
        const LabelMap labels = read_labels(folder / "mended/labels" / (name(i) + ".png"));
        for (std::size_t p = 0; p < labels.values.size(); ++p) {
            const std::uint32_t label = images[i].labels.values[p] % 3;
            ASSERT_EQ(labels.values[p] == 0, label == 0);
        }
    }
}

TEST_F(MendTest, ASplitIsKept) {
    write_images();
    write("list.csv", std::string("image,label,split\nimages/a.png,labels/a.png,train\n"
                                  "images/b.png,labels/b.png,val\n"));
    EXPECT_TRUE(fix().empty());
    EXPECT_EQ(read_text_file(folder / "mended/list.csv"),
              "image,label,group,split\n\"images/a.png\",\"labels/a.png\",\"a\",train\n"
              "\"images/b.png\",\"labels/b.png\",\"b\",val\n");
}

TEST_F(MendTest, NothingIsWrittenOverAFolderOrWhereNothingIsLeft) {
    write_images();
    write("mended/mine.txt", std::string("mine"));
    EXPECT_NE(message_of([&] { fix(); }).find("is there already"), std::string::npos);
    std::filesystem::remove_all(folder / "mended");
    for (std::size_t i = 0; i < 6; ++i) write("labels/" + name(i) + ".png", std::string("text"));
    EXPECT_NE(message_of([&] { fix(); }).find("no image would be left"), std::string::npos);
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        EXPECT_FALSE(entry.path().filename().string().starts_with("mended")) << entry.path();
}

}  // namespace
}  // namespace unet
