#include "unet/data/label_meaning.h"

#include <gtest/gtest.h>

#include "tests/data/made.h"
#include "unet/core/error.h"

namespace unet {
namespace {

LabelMeaning meaning(const std::vector<LabelMap>& maps, LabelsChoice choice = LabelsChoice::detect,
                     std::optional<std::uint32_t> ignore = {}) {
    Context context(2);
    std::vector<const LabelMap*> all;
    for (const LabelMap& map : maps) all.push_back(&map);
    return meaning_of(survey_labels(context, all, ignore), choice, ignore, "DATA");
}

std::string message(const std::vector<LabelMap>& maps, LabelsChoice choice = LabelsChoice::detect,
                    std::optional<std::uint32_t> ignore = {}) {
    try {
        meaning(maps, choice, ignore);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
        return error.what();
    }
    return "";
}

/// Each digit times `factor`.
LabelMap times(LabelMap map, std::uint32_t factor) {
    for (std::uint32_t& value : map.values) value *= factor;
    return map;
}

/// Several values, each in several pieces.
const LabelMap scattered = made::map_of({"0102030", "0000000", "3020103", "0000000", "1010202"});

TEST(LabelMeaningTest, ManyIdsInOnePieceEachAreInstances) {
    const LabelMeaning found = meaning({made::cells(90, 90, 20, 3), made::cells(90, 90, 12, 3)});
    EXPECT_EQ(found.kind, LabelKind::instances);
    EXPECT_EQ(found.values, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_NE(found.evidence.find("different values besides 0"), std::string::npos);
    EXPECT_NE(found.evidence.find("% of them are one connected piece"), std::string::npos);
}

TEST(LabelMeaningTest, FewObjectsNumberedFromOneWithDifferentCountsAreInstances) {
    EXPECT_EQ(meaning({made::map_of({"1020304"}), made::map_of({"1020300"})}).kind,
              LabelKind::instances);
    EXPECT_EQ(meaning({made::map_of({"1020304"})}).kind, LabelKind::instances);
    EXPECT_NE(message({made::map_of({"1020300"})}), "");
    // The same count everywhere could be classes that each image has once.
    EXPECT_NE(message({made::map_of({"1020304"}), made::map_of({"4030201"})}), "");
}

TEST(LabelMeaningTest, ObjectsCutByOthersAreInstancesWhereTheyAreNumberedOrMany) {
    // Ids 1 and 2 are two pieces each, the other seven are whole: 78 %.
    const LabelMap cut = made::map_of({"1020304050607080901", "0000000000000000002"});
    EXPECT_EQ(meaning({cut}).kind, LabelKind::instances);
    EXPECT_NE(message({times(cut, 5)}), "") << "no gap-free numbers: could be classes";
}

TEST(LabelMeaningTest, FewValuesInManyPiecesAreClasses) {
    const LabelMeaning found = meaning({scattered, scattered});
    EXPECT_EQ(found.kind, LabelKind::classes);
    EXPECT_EQ(found.values, (std::vector<std::uint32_t>{0, 1, 2, 3}));
    EXPECT_EQ(found.classes(), 4);
    EXPECT_EQ(meaning({times(scattered, 1000)}).values,
              (std::vector<std::uint32_t>{0, 1000, 2000, 3000}));
}

TEST(LabelMeaningTest, TwoValuesAreBinaryAndTheSmallerIsBackground) {
    const LabelMeaning found = meaning({times(made::map_of({"0110"}), 255)});
    EXPECT_EQ(found.kind, LabelKind::binary);
    EXPECT_EQ(found.values, (std::vector<std::uint32_t>{0, 255}));
    EXPECT_EQ(found.evidence, "two values, 0 (background) and 255");
    EXPECT_EQ(meaning({made::map_of({"0110"})}).values, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(meaning({made::map_of({"2112"})}).values, (std::vector<std::uint32_t>{1, 2}));
}

TEST(LabelMeaningTest, ZeroOneTwoIsAmbiguousAndNamesTheSetting) {
    EXPECT_EQ(message({made::map_of({"0120120"})}),
              "DATA: found labels 0, 1, 2: these may be classes, or at most two objects an image. "
              "Say `labels` instances, `labels` classes or `labels` binary");
    EXPECT_EQ(meaning({made::map_of({"0120120"})}, LabelsChoice::classes).classes(), 3);
    EXPECT_EQ(meaning({made::map_of({"0120120"})}, LabelsChoice::instances).classes(), 2);
    const LabelMeaning binary = meaning({made::map_of({"0120120"})}, LabelsChoice::binary);
    EXPECT_EQ(binary.values, (std::vector<std::uint32_t>{0, 255}));
}

TEST(LabelMeaningTest, TwoHundredFiftyFiveBesideClassesIsAmbiguousUnlessIgnored) {
    LabelMap map = scattered;
    map.values[0] = 255;
    EXPECT_EQ(
        message({map}),
        "DATA: found labels 0, 1, 2, 3, 255: 255 may be a class, an object, or mark pixels to "
        "be left out. Say `labels` instances, `labels` classes or `labels` binary, or "
        "`ignore` 255 to leave out pixels of value 255");
    const LabelMeaning found = meaning({map}, LabelsChoice::detect, 255u);
    EXPECT_EQ(found.values, (std::vector<std::uint32_t>{0, 1, 2, 3}));
    EXPECT_TRUE(found.is_ignored(255));
    EXPECT_FALSE(found.is_ignored(0));
}

TEST(LabelMeaningTest, IdsThatReach255AreInstances) {
    LabelMap map{{1, 1, 511}, std::vector<std::uint32_t>(511), {}};
    for (std::size_t i = 0; i < 255; ++i) map.values[2 * i] = static_cast<std::uint32_t>(i + 1);
    EXPECT_EQ(meaning({map}).kind, LabelKind::instances);
}

TEST(LabelMeaningTest, IgnoredZeroLeavesTheTwoScribbles) {
    const LabelMeaning found = meaning({made::map_of({"0010020"})}, LabelsChoice::detect, 0u);
    EXPECT_EQ(found.kind, LabelKind::binary);
    EXPECT_EQ(found.values, (std::vector<std::uint32_t>{1, 2}));
}

TEST(LabelMeaningTest, ObjectsThroughSlicesAreOnePieceInEach) {
    // Ten objects that are two columns in each slice of a stack, apart in depth only.
    LabelMap map{{3, 1, 20}, {}, {}};
    for (int z = 0; z < 3; ++z)
        for (std::uint32_t x = 0; x < 20; ++x) map.values.push_back(x % 2 == 0 ? 0 : x / 2 + 1);
    EXPECT_EQ(meaning({map}).kind, LabelKind::instances);
}

TEST(LabelMeaningTest, NothingButBackgroundIsAnError) {
    EXPECT_EQ(
        message({made::map_of({"000"})}),
        "DATA: every label pixel has the value 0, expected background and at least one object "
        "or class; check that the labels are the stored ids or classes, not colours");
}

TEST(LabelMeaningTest, WhatCannotBeIsAnErrorEvenIfAsked) {
    LabelMap many{{1, 1, 300}, {}, {}};
    for (std::uint32_t i = 0; i < 300; ++i) many.values.push_back(i);
    EXPECT_EQ(message({many}, LabelsChoice::classes),
              "DATA: found 300 different labels, expected at most 255 classes; labels that number "
              "objects are `labels` instances");
    EXPECT_EQ(message({made::map_of({"123"})}, LabelsChoice::binary),
              "DATA: found labels 1, 2, 3, expected 0 for background with `labels` binary");
}

}  // namespace
}  // namespace unet
