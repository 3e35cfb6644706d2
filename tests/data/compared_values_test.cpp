#include "unet/data/comparing/compared_values.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/testing/errors.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/mask_coding.h"
#include "unet/data/comparing/object_values.h"

namespace unet {
namespace {

using Values = std::vector<std::uint32_t>;

/// Each value in several pieces, as classes are.
LabelSurvey classes(const Values& values) {
    LabelSurvey survey;
    for (const std::uint32_t value : values) survey.values[value] = {100, 1, 0};
    survey.images = 1;
    survey.numbered = false;
    return survey;
}

/// Objects 1 to n, each one piece.
LabelSurvey objects(std::uint32_t n) {
    LabelSurvey survey;
    for (std::uint32_t value = 0; value <= n; ++value) survey.values[value] = {100, 1, 1};
    survey.images = 1;
    return survey;
}

/// True value of each predicted one.
ValueMap matched(const Values& truth, const Values& predicted, LabelKind kind = LabelKind::classes,
                 const ValueMap& said = {}) {
    const ComparedValues result =
        match_values({kind, truth, true}, classes(predicted), said, "truth");
    ValueMap stands_for;
    for (const auto& [value, index] : result.predicted) stands_for[value] = result.classes[index];
    return stands_for;
}

ValueMap same(const Values& values) {
    ValueMap map;
    for (const std::uint32_t value : values) map[value] = value;
    return map;
}

void expect_refused(const Values& truth, const Values& predicted, const std::string& words,
                    LabelKind kind = LabelKind::classes) {
    try {
        matched(truth, predicted, kind);
        ADD_FAILURE() << list_of_values(truth) << " / " << list_of_values(predicted);
    } catch (const Error& error) {
        const std::string text = error.what();
        EXPECT_EQ(error.setting(), "values");
        EXPECT_NE(text.find("values " + list_of_values(predicted) + " in the predictions and " +
                            list_of_values(truth) + " in the truth"),
                  std::string::npos)
            << text;
        EXPECT_NE(text.find(words), std::string::npos) << text;
    }
}

TEST(ComparedValuesTest, ClassesThatOneSideLacksAreClassesAllTheSame) {
    EXPECT_EQ(matched({0, 2, 3}, {0, 1, 2, 3}), same({0, 1, 2, 3}));
    EXPECT_EQ(matched({0, 50, 100}, {0, 50, 100, 150}), same({0, 50, 100, 150}));
    EXPECT_EQ(matched({0, 1, 2, 3}, {0, 3}), same({0, 3}));
    EXPECT_EQ(matched({0, 2, 3}, {0}), same({0}));
    EXPECT_EQ(
        match_values({LabelKind::classes, {0, 2, 3}}, classes({0, 1, 2}), {{1, 1}}, "").classes,
        (Values{0, 1, 2, 3}));
}

TEST(ComparedValuesTest, PlacesStandForCodes) {
    EXPECT_EQ(matched({0, 50, 100}, {0, 1, 2}), (ValueMap{{0, 0}, {1, 50}, {2, 100}}));
    EXPECT_EQ(matched({0, 50, 100}, {0, 2}), (ValueMap{{0, 0}, {2, 100}}));
    EXPECT_EQ(matched({0, 1, 255}, {0, 1, 2}), (ValueMap{{0, 0}, {1, 1}, {2, 255}}));
    // Labels of ilastik begin at 1, what a model of them predicts at 0.
    EXPECT_EQ(matched({1, 2, 3}, {0, 1, 2}), (ValueMap{{0, 1}, {1, 2}, {2, 3}}));
    EXPECT_EQ(match_values({LabelKind::classes, {0, 50}}, classes({0, 1}), {}, "").notes.size(),
              1u);
}

TEST(ComparedValuesTest, WhatMayMeanTwoThingsIsRefused) {
    expect_refused({0, 2, 3}, {0, 1, 2}, "`values` 0=0,1=2,2=3 if they are places");
    expect_refused({0, 2, 3}, {0, 2}, "`values` 0=0,2=2 if the numbers are the same");
    expect_refused({0, 2, 3}, {0, 1}, "places");
    expect_refused({0, 100, 150}, {0, 1, 2, 3}, "no class of the one is a class of the other");
    expect_refused({0, 1, 2}, {0, 85, 170}, "no class of the one");
    for (const auto& [one, other] : {std::pair<Values, Values>{{0, 1, 2}, {0, 2, 3}},
                                     {{0, 2, 4}, {1, 2, 3}},
                                     {{0, 1, 2}, {0, 2, 4}},
                                     {{1, 2, 3}, {1, 2, 4}}}) {
        expect_refused(one, other, "");
        expect_refused(other, one, "");
    }
    expect_refused({0, 100}, {0, 1, 2}, "such as `values` 0=0,1=100,2=100");
    expect_refused({0, 1, 2}, {1, 2, 3}, "`values` 1=0,2=1,3=2 if the smallest is background");
    expect_refused({0, 1, 2}, {1, 2}, "no pixel of the predictions is 0");
}

TEST(ComparedValuesTest, WhatMayBeMeantOtherwiseIsTold) {
    const auto notes = [](const Values& truth, const Values& predicted) {
        const auto told =
            match_values({LabelKind::classes, truth, true}, classes(predicted), {}, "").notes;
        return told.empty() ? std::string() : told.back();
    };
    EXPECT_NE(notes({0, 1, 2, 255}, {0, 1, 2}).find("`ignore` 255 leaves such pixels out"),
              std::string::npos);
    EXPECT_NE(notes({0, 1, 255}, {0, 1, 2}).find("`ignore` 255"), std::string::npos);
    EXPECT_EQ(notes({0, 1, 2, 255}, {0, 1, 255}), "");
    EXPECT_EQ(notes({0, 100, 255}, {0, 100}), "");
    EXPECT_NE(notes({1, 2, 3}, {0, 1, 2, 3}).find("no pixel of the truth is 0"), std::string::npos);
}

TEST(ComparedValuesTest, MasksOfOneSetAreCodedInOneWay) {
    using Files = std::vector<FileValues>;
    const auto told = [](const Files& files, LabelKind kind) {
        return check_mask_coding(files, kind, "SET");
    };
    const Files mixed{{"a", {0, 1}}, {"b", {1, 2}}, {"c", {1}}};
    const std::string text =
        message_of([&] { told(mixed, LabelKind::binary); }, ErrorCode::invalid_argument);
    EXPECT_TRUE(contains(text,
                         "SET: 1 of 3 label maps hold two values and no 0 (b: 1, 2), others "
                         "hold 0 (a: 0, 1)"))
        << text;
    EXPECT_NE(told(mixed, LabelKind::instances), "");
    EXPECT_NE(told(mixed, LabelKind::classes), "");
    // All foreground, all background, one way throughout, objects or classes that fill an image.
    for (const Files& good :
         {Files{{"a", {0, 1}}, {"b", {1}}}, Files{{"a", {0, 255}}, {"b", {0}}},
          Files{{"a", {1, 2}}, {"b", {1}}, {"c", {2}}}, Files{{"a", {0, 1}}, {"b", {0, 255}}}})
        EXPECT_EQ(told(good, LabelKind::binary), "");
    EXPECT_EQ(told({{"a", {0, 1, 2, 3}}, {"b", {1, 2}}}, LabelKind::classes), "");
    EXPECT_NE(told({{"a", {0, 1, 2, 3}}, {"b", {1, 2}}}, LabelKind::binary), "");
}

TEST(ComparedValuesTest, WhatIsSaidCounts) {
    EXPECT_EQ(matched({0, 2, 3}, {0, 1, 2}, LabelKind::classes, {{1, 2}, {2, 3}}),
              (ValueMap{{0, 0}, {1, 2}, {2, 3}}));
    EXPECT_EQ(matched({0, 255}, {1, 2}, LabelKind::binary, {{1, 0}, {2, 255}}),
              (ValueMap{{1, 0}, {2, 255}}));
    EXPECT_EQ(matched({0, 255}, {1, 2}, LabelKind::binary, {{1, 255}, {2, 0}}),
              (ValueMap{{1, 255}, {2, 0}}));
    EXPECT_EQ(parse_values("1=0,2=255"), (ValueMap{{1, 0}, {2, 255}}));
    EXPECT_TRUE(parse_values("").empty());
    for (const char* text : {"1", "1=", "=1", "1=0,", "1=0;2=1", "1=0,1=1", "-1=0", "1=0.5", "a=b"})
        EXPECT_TRUE(contains(message_of([&] { parse_values(text); }, ErrorCode::invalid_argument),
                             "`values`"))
            << text;
}

TEST(ComparedValuesTest, MasksHaveABackground) {
    constexpr LabelKind mask = LabelKind::binary;
    EXPECT_EQ(matched({0, 1}, {0, 255}, mask), (ValueMap{{0, 0}, {255, 1}}));
    EXPECT_EQ(matched({1, 2}, {0, 1}, mask), (ValueMap{{0, 1}, {1, 2}}));
    EXPECT_EQ(matched({1, 2}, {1, 2}, mask), same({1, 2}));
    EXPECT_EQ(matched({0, 1}, {1}, mask), same({1}));
    expect_refused({0, 1}, {1, 2}, "`values` 1=0,2=1 if 1 is background", mask);
    expect_refused({0, 255}, {20, 220}, "`values` 20=255,220=0 if 220 is", mask);
    expect_refused({0, 255}, {1}, "no pixel of the predictions is background", mask);
    expect_refused({0, 1}, {0, 2}, "masks or classes", mask);
    expect_refused({1, 2}, {1}, "`values` 1=1 or `values` 1=2", mask);
}

TEST(ComparedValuesTest, BesideAMaskStandObjectsButNoGreyValues) {
    const TrueValues truth{LabelKind::binary, {0, 255}, true};
    EXPECT_EQ(match_values(truth, objects(300), {}, "").predicted.at(300), 1u);
    EXPECT_EQ(match_values({LabelKind::binary, {0, 1}, true}, objects(20), {}, "").predicted.at(7),
              1u);
    Values grey(120);
    std::iota(grey.begin(), grey.end(), 0u);
    expect_refused({0, 255}, grey, "scattered as grey values", LabelKind::binary);
    // Two objects, or class 2 that the truth lacks.
    expect_refused({0, 1}, {0, 1, 2}, "`labels` classes", LabelKind::binary);
    // As asked.
    EXPECT_EQ(match_values({LabelKind::binary, {0, 1}}, classes({0, 1, 2}), {}, "").predicted.at(2),
              1u);
}

TEST(ComparedValuesTest, ObjectsNeedABackgroundThatTheTruthHas) {
    const auto note = [](const LabelSurvey& truth, const LabelSurvey& predicted) {
        const auto notes = notes_on_objects(truth, predicted, "truth");
        return notes.empty() ? std::string() : notes.front();
    };
    EXPECT_TRUE(contains(message_of(
                             [&] {
                                 note(objects(3), classes({1, 2}));
                             },
                             ErrorCode::invalid_argument),
                         "values 1, 2 in the predictions and 0, 1, 2, 3"));
    EXPECT_EQ(note(objects(3), classes({1, 2, 3})),
              "no pixel of the predictions is background (0): each of their values, 1, 2, 3, is "
              "taken for an object");
    EXPECT_EQ(note(classes({1, 2, 3}), objects(3)),
              "no pixel of the truth is background (0): each of its values, 1, 2, 3, is taken for "
              "an object");
    EXPECT_EQ(note(objects(3), classes({0, 255})),
              "the predictions hold 0, 255: a mask counts as one object of each image");
    EXPECT_EQ(note(classes({0, 255}), objects(3)),
              "the truth holds 0, 255: a mask counts as one object of each image");
    EXPECT_EQ(note(objects(3), objects(5)), "");
    EXPECT_EQ(note(classes({1, 2, 3}), classes({1, 2})), "");
}

TEST(ComparedValuesTest, GreyValuesAreNoLabels) {
    LabelMap image{{1, 20, 20}, {}, {}};
    for (std::uint32_t i = 0; i < 400; ++i) image.values.push_back(40 + i * 7919 % 200);
    EXPECT_TRUE(contains(message_of([&] { check_not_grey(image, "a.tif", true); }),
                         "neighbouring pixels hold different values"));
    LabelMap cells{{1, 20, 20}, {}, {}};  // 25 touching squares of 4 x 4 pixels
    for (std::uint32_t i = 0; i < 400; ++i) cells.values.push_back(1 + i / 80 * 5 + i % 20 / 4);
    check_not_grey(cells, "b.tif", true);
    // Of an image without noise most neighbours are equal: values in pieces of 8 pixels.
    LabelMap smooth{{1, 60, 60}, {}, {}};
    for (std::uint32_t i = 0; i < 3600; ++i)
        smooth.values.push_back(1 + (i / 120 * 7919 + i % 60 / 4 * 104729) % 997 % 12);
    EXPECT_TRUE(contains(message_of([&] { check_not_grey(smooth, "c.tif", true); }),
                         "values lie scattered in"));
}

}  // namespace
}  // namespace unet
