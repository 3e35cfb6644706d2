#include "unet/train/config.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/testing/errors.h"

namespace unet {
namespace {

enum class Fruit { apple, pear };

struct Options {
    bool round = false;
    std::int64_t count = 3;
    double weight = 0.5;
    std::string label = "none";
    Fruit fruit = Fruit::apple;
    double price = 2.0;

    std::vector<Section> sections() {
        return {
            {"fruit",
             {{"round", "rolls", &round},
              {"count", "how many", &count, 0, 10},
              {"weight", "of one", &weight, 0, 1e9},
              {"label", "what it says", &label},
              choice("fruit", "which", fruit, {{"apple", Fruit::apple}, {"pear", Fruit::pear}})}},
            {"shop", {{"price", "of all", &price, 0, 1e30}}}};
    }
};

std::string message_of(const std::string& text) {
    Options options;
    return message_of([&] { read_config(options.sections(), text, "my.toml"); },
                      ErrorCode::invalid_argument);
}

#define UNET_EXPECT_SAYS(text, part) \
    EXPECT_NE(message_of(text).find(part), std::string::npos) << message_of(text)

TEST(Config, SetsWhatIsNamedAndNothingElse) {
    Options options;
    read_config(options.sections(),
                "# a comment\n[fruit]\ncount = 7\nround = true\nlabel = \"a \\\"b\\\" ü\"\n"
                "fruit = 'pear'\n[shop]\nprice = 1e-3\n",
                "my.toml");
    EXPECT_EQ(options.count, 7);
    EXPECT_TRUE(options.round);
    EXPECT_EQ(options.label, "a \"b\" ü");
    EXPECT_EQ(options.fruit, Fruit::pear);
    EXPECT_EQ(options.price, 1e-3);
    EXPECT_EQ(options.weight, 0.5);
}

TEST(Config, AWholeNumberIsANumber) {
    Options options;
    read_config(options.sections(), "[shop]\nprice = 4\n", "my.toml");
    EXPECT_EQ(options.price, 4.0);
}

TEST(Config, WrittenTextIsReadBack) {
    Options options;
    options.label = "a \"quoted\" \\ tab\t";
    options.weight = 0.1 + 0.2;  // needs all 17 digits
    options.price = 1e22;
    options.fruit = Fruit::pear;
    Options read;
    read_config(read.sections(), config_text(options.sections()), "my.toml");
    EXPECT_EQ(read.label, options.label);
    EXPECT_EQ(read.weight, options.weight);
    EXPECT_EQ(read.price, options.price);
    EXPECT_EQ(read.fruit, options.fruit);
}

TEST(Config, UnknownKeysNameTheNearestKnownOneAndTheLine) {
    UNET_EXPECT_SAYS("[fruit]\n\nweihgt = 1.0\n",
                     "my.toml: line 3: unknown key 'weihgt' in [fruit]");
    UNET_EXPECT_SAYS("[fruit]\nweihgt = 1.0\n", "did you mean 'weight'?");
    UNET_EXPECT_SAYS("[fruit]\nprice = 1.0\n", "did you mean 'price' of [shop]?");
    UNET_EXPECT_SAYS("[shop]\nsomething_else = 1\n", "expected one of price");
    UNET_EXPECT_SAYS("count = 1\n", "did you mean 'count' of [fruit]?");
    UNET_EXPECT_SAYS("[fruits]\n", "unknown section [fruits]; did you mean [fruit]?");
    UNET_EXPECT_SAYS("[xylophone]\n", "expected one of fruit, shop");
    UNET_EXPECT_SAYS("shop = 3\n", "expected [shop]");
    UNET_EXPECT_SAYS("[fruit.count]\na = 1\n", "found a value of type table, expected N");
}

TEST(Config, WrongTypesAndRangesSayWhatIsExpected) {
    UNET_EXPECT_SAYS("[fruit]\ncount = 1.5\n",
                     "line 2: count: found a value of type floating-point");
    UNET_EXPECT_SAYS("[fruit]\ncount = '1'\n", "found a value of type string, expected N");
    UNET_EXPECT_SAYS("[fruit]\nround = 1\n", "expected true|false");
    UNET_EXPECT_SAYS("[fruit]\nlabel = 1\n", "expected TEXT");
    UNET_EXPECT_SAYS("[fruit]\nfruit = 'plum'\n", "expected one of apple, pear");
    UNET_EXPECT_SAYS("[fruit]\ncount = 11\n", "from 0 to 10");
    UNET_EXPECT_SAYS("[fruit]\nweight = nan\n", "weight");
}

TEST(Config, BrokenTomlNamesTheLine) {
    UNET_EXPECT_SAYS("[fruit]\ncount = \n", "my.toml: line 2: not TOML");
    UNET_EXPECT_SAYS("[fruit]\ncount = 1\ncount = 2\n", "my.toml: line 3");
}

TEST(Config, AMissingFileIsNamed) {
    Options options;
    const auto message = message_of(
        [&] { read_config(options.sections(), std::filesystem::path("no_such_config.toml")); },
        ErrorCode::io);
    EXPECT_TRUE(contains(message, "no_such_config.toml")) << message;
}

}  // namespace
}  // namespace unet
