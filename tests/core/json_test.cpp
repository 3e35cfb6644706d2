#include "unet/core/text/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace unet {
namespace {

using Json = nlohmann::json;
using namespace std::literals;

/// The value as strict JSON; the reason where there is none.
std::string read(std::string_view bytes) {
    std::string why;
    const auto value = parse_json(bytes, &why);
    return value ? value->dump() : why;
}

TEST(ParseJson, StrictJsonIsReadAsItIs) {
    for (const char* text : {"{}", "[]", "null", R"(["NaN, Infinity ,] // /* x",{"a":[1,-2.5]}])",
                             R"("C:\\data\\u00e9")", "\"caf\xC3\xA9\""})
        EXPECT_EQ(read(text), Json::parse(text).dump()) << text;
}

TEST(ParseJson, WhatIsNoNumberIsNull) {
    for (const char* word :
         {"NaN", "Infinity", "-Infinity", "nan", "-nan", "inf", "-inf", "+inf", "nan(ind)",
          "-nan(ind)", "1.#INF", "-1.#IND", "1.#QNAN", "1e999", "-1e999"})
        EXPECT_EQ(read("{\"a\": ["s + word + ", 1.5]}"), R"({"a":[null,1.5]})") << word;
    EXPECT_EQ(read("[1e-999,1e308]"), "[0.0,1e+308]");
    EXPECT_EQ(read("[\"a NaN\", NaN]"), R"(["a NaN",null])");
}

TEST(ParseJson, WhatIsNoNumberIsTheTextOfZarrWhereThatIsWanted) {
    const auto value = parse_json("[NaN, -nan, inf, -Infinity, -1e999, 1]", nullptr, true);
    EXPECT_EQ(value.value_or(Json()).dump(),
              R"(["NaN","NaN","Infinity","-Infinity","-Infinity",1])");
}

TEST(ParseJson, MarksAndOtherEncodingsAreRead) {
    EXPECT_EQ(read("\xEF\xBB\xBF{\"a\": NaN}"), R"({"a":null})");
    EXPECT_EQ(read("\xFF\xFE[\0001\0]\0"sv), "[1]");
    EXPECT_EQ(read("\xFE\xFF\0[\0001\0]"sv), "[1]");
    EXPECT_EQ(read("[\0001\0]\0"sv), "[1]");
    EXPECT_EQ(read("[\"caf\xE9\"]"), "[\"caf\xC3\xA9\"]");
}

TEST(ParseJson, TextsOfOtherProgramsAreRead) {
    EXPECT_EQ(read("[\"a\tb\nc\"]"), R"(["a\tb\nc"])");
    // json.dumps(os.fsdecode(b"caf\xe9")), and half of a pair.
    EXPECT_EQ(read(R"(["caf\udce9"])"), "[\"caf\xC3\xA9\"]");
    EXPECT_EQ(read(R"(["\ud83d", "\ud83d\ude00"])"), "[\"\xEF\xBF\xBD\",\"\xF0\x9F\x98\x80\"]");
    EXPECT_EQ(read(R"(["D:\cells\x.tif", "\"\\"])"), R"(["D:\\cells\\x.tif","\"\\"])");
}

TEST(ParseJson, CommasAndCommentsTooMany) {
    EXPECT_EQ(read("{\"a\": [1, 2, ], // of\n /* both, ] */ \"b\": 3,\n}"), R"({"a":[1,2],"b":3})");
}

TEST(ParseJson, WhatIsNoJsonIsRefused) {
    for (const char* text :
         {"", "{", "[1, 2", "[NaN", "\"abc", "[1] 2", "[,]", "[1,,2]", "{\"a\" 1}", "nul", "None",
          "[nano]", "[infinite]", "\"a\\", "\"\\u12", "/* [1]", "[1,]]", "[1;2]", "\xFF\xFE["})
        EXPECT_FALSE(parse_json(text)) << text;
    EXPECT_NE(read("{\"a\": }").find("line 1, column 7"), std::string::npos) << read("{\"a\": }");
}

TEST(ParseJson, NestingHasAnEnd) {
    const std::string deep(deepest_json, '['), shut(deepest_json, ']');
    EXPECT_TRUE(parse_json(deep + shut));
    EXPECT_EQ(read("[" + deep + "NaN" + shut + "]"), "it is nested in more than 100 levels");
}

TEST(JsonText, IsUtf8) {
    EXPECT_EQ(json_text(Json{{"name", "caf\xE9.tif"}}), "{\"name\":\"caf\xEF\xBF\xBD.tif\"}");
    EXPECT_EQ(json_text(nlohmann::ordered_json{1, 2}, 1), "[\n 1,\n 2\n]");
}

}  // namespace
}  // namespace unet
