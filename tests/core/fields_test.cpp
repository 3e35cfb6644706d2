#include "unet/core/fields.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/testing/errors.h"

namespace unet {
namespace {

enum class Colour { red, green };

struct Options {
    bool flag = false;
    std::int64_t count = 3;
    double rate = 0.5;
    std::string name = "x";
    Colour colour = Colour::red;
};

Fields fields_of(Options& o) {
    return {{"flag", "", &o.flag},
            {"count", "", &o.count, 1, 10},
            {"rate", "", &o.rate},
            {"name", "", &o.name},
            choice("colour", "", o.colour, {{"red", Colour::red}, {"green", Colour::green}})};
}

TEST(FieldsTest, JsonComesBackUnchanged) {
    Options written{true, 7, 0.1, "y", Colour::green}, read;
    from_json(fields_of(read), to_json(fields_of(written)), "test");
    EXPECT_EQ(to_json(fields_of(read)).dump(),
              R"({"flag":true,"count":7,"rate":0.1,"name":"y","colour":"green"})");
}

TEST(FieldsTest, TextOutsideRangeOrWordsIsAnErrorThatNamesThePlace) {
    Options options;
    const Fields fields = fields_of(options);
    const auto message = [&](int field, const char* text) {
        return message_of([&] { set_from_text(fields[field], text, "--it"); });
    };
    EXPECT_EQ(message(1, "11"), "--it: found 11, expected a whole number from 1 to 10");
    EXPECT_EQ(message(1, "3x"), "--it: found '3x', expected a whole number");
    EXPECT_EQ(message(4, "blue"), "--it: found 'blue', expected one of red, green");
    EXPECT_EQ(message(0, "yes"), "--it: found 'yes', expected true or false");
    EXPECT_EQ(options.count, 3);
}

TEST(FieldsTest, JsonOfTheWrongTypeIsRefused) {
    Options options;
    EXPECT_THROW(from_json(fields_of(options), {{"count", "many"}}, "file"), Error);
    EXPECT_THROW(from_json(fields_of(options), {{"flag", 1}}, "file"), Error);
}

TEST(FieldsTest, PlaceholderSaysWhatToTypeOrFollowsTheType) {
    std::string pages;
    std::int64_t levels = 4;
    EXPECT_EQ(placeholder_of(text("pages", "slices", pages, "RANGE")), "RANGE");
    EXPECT_EQ(placeholder_of({"pages", "slices", &pages}), "TEXT");
    EXPECT_EQ(placeholder_of({"levels", "resolutions", &levels}), "N");
}

TEST(FieldsTest, NearestWordFindsATypingError) {
    EXPECT_EQ(nearest_word("learning_rat", {"levels", "learning_rate"}), "learning_rate");
    EXPECT_EQ(nearest_word("zebra", {"levels", "learning_rate"}), "");
}

}  // namespace
}  // namespace unet
