#include "unet/core/normalisation.h"

#include <gtest/gtest.h>

#include "tests/testing/errors.h"
#include "unet/core/labels.h"

namespace unet {
namespace {

TEST(NormalisationTest, EveryTextComesBackUnchanged) {
    for (const char* text : {"image", "dataset", "range", "0:4095", "-0.5:1.25"})
        EXPECT_EQ(to_string(parse_normalisation(text, "test")), text);
    const Normalisation fixed = parse_normalisation("-0.5:1.25", "test");
    EXPECT_EQ(fixed.rule, NormaliseRule::fixed);
    EXPECT_EQ(fixed.low, std::vector<double>{-0.5});
    EXPECT_EQ(fixed.high, std::vector<double>{1.25});
}

TEST(NormalisationTest, AnythingElseIsAnErrorThatNamesThePlace) {
    for (const char* text :
         {"", "images", "1:", ":1", "1:1", "2:1", "0:inf", "nan:1", "0:1:2", "0:1 ", "0,5:1"}) {
        const auto message = message_of([&] { parse_normalisation(text, "--normalise"); },
                                        ErrorCode::invalid_argument);
        EXPECT_EQ(message.find(fmt::format("--normalise: found '{}", text)), 0u) << message;
    }
}

TEST(NormalisationTest, ALimitIsANumberAboveZeroOrNone) {
    EXPECT_EQ(parse_clip("none", "test"), 0.0);
    EXPECT_EQ(parse_clip("2.5", "test"), 2.5);
    for (const double clip : {0.0, 2.5, 4.0, 0.1})
        EXPECT_EQ(parse_clip(clip_text(clip), "test"), clip);
    for (const char* text : {"", "0", "-1", "inf", "nan", "4 ", "No"}) {
        const auto message =
            message_of([&] { parse_clip(text, "--clip"); }, ErrorCode::invalid_argument);
        EXPECT_EQ(message.find(fmt::format("--clip: found '{}', expected none or", text)), 0u)
            << message;
    }
}

TEST(NormalisationTest, LabelKindsAreNamedAsTheirFlagSpellsThem) {
    EXPECT_STREQ(to_string(LabelKind::instances), "instances");
    EXPECT_STREQ(to_string(LabelKind::classes), "classes");
    EXPECT_STREQ(to_string(LabelKind::binary), "binary");
}

}  // namespace
}  // namespace unet
