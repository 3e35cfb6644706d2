#include "unet/jobs/each_input.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

const std::vector<Input> inputs{{"a.tif", "a"}, {"bad.tif", "bad"}, {"c.tif", "c"}};

std::string stem_unless_bad(const Input& input) {
    if (input.stem == "bad") fail_setting("scale", ErrorCode::io, "cannot be read");
    return input.stem;
}

TEST(EachInput, OneThatFailsDoesNotStopTheOthers) {
    std::vector<std::string> begun;
    JobHooks hooks;
    hooks.begin = [&](const Input& input, std::size_t number, std::size_t of) {
        begun.push_back(fmt::format("{} {}/{}", input.stem, number, of));
    };
    const auto results = each_input(inputs, hooks, true, stem_unless_bad);
    EXPECT_EQ(results.done, (std::vector<std::string>{"a", "c"}));
    ASSERT_EQ(results.failed.size(), 1u);
    EXPECT_EQ(results.failed[0].input.stem, "bad");
    EXPECT_STREQ(results.failed[0].error.what(), "bad.tif: cannot be read");
    EXPECT_EQ(results.failed[0].error.code(), ErrorCode::io);
    EXPECT_EQ(results.failed[0].error.setting(), "scale");
    EXPECT_EQ(results.not_done, 0u);
    EXPECT_EQ(begun, (std::vector<std::string>{"a 0/3", "bad 1/3", "c 2/3"}));
}

TEST(EachInput, AFailureEndsTheJobWhereAsked) {
    const auto results = each_input(inputs, {}, false, stem_unless_bad);
    EXPECT_EQ(results.done.size(), 1u);
    EXPECT_EQ(results.failed.size(), 1u);
    EXPECT_EQ(results.not_done, 1u);
}

TEST(EachInput, ACancelBetweenOrWithinFilesLeavesTheRest) {
    JobHooks hooks;
    int asked = 0;
    hooks.cancelled = [&] { return ++asked == 2; };
    EXPECT_EQ(each_input(inputs, hooks, true, stem_unless_bad).not_done, 2u);
    const auto within = each_input(
        inputs, {}, true, [](const Input&) -> int { fail(ErrorCode::cancelled, "cancelled"); });
    EXPECT_EQ(within.failed.size(), 0u);
    EXPECT_EQ(within.not_done, 3u);
}

TEST(EachInput, ItemsMayHoldTheirFile) {
    struct Pair {
        Input labels, image;
    };
    const std::vector<Pair> pairs{{{"l.tif", "l"}, {"i.tif", "i"}}};
    const auto results = each_input(
        pairs, {}, true,
        [](const Pair& pair) {
            return stem_unless_bad({"x", pair.image.stem});
        },
        &Pair::labels);
    EXPECT_EQ(results.done, std::vector<std::string>{"i"});
}

}  // namespace
}  // namespace unet
