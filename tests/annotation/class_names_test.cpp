#include "unet/annotation/class_names.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

using Names = std::vector<std::string>;

Names names_of(const std::set<std::string, ByName>& found) {
    return names_by_value(found, 254, "here");
}

TEST(ClassNamesTest, NumbersInNamesAreOrderedByTheirSize) {
    const Names ordered{"",        "Zone",   "stage 2 a",  "stage 2 b", "stage 10", "zone",
                        "zone 02", "zone 2", "zone 2 old", "zone 10",   "zone a",   "\u00e4"};
    Names sorted(ordered.rbegin(), ordered.rend());
    std::sort(sorted.begin(), sorted.end(), ByName());
    EXPECT_EQ(sorted, ordered);
}

TEST(ClassNamesTest, NamesThatSayTheirValueHaveIt) {
    EXPECT_EQ(names_of({"class 2", "class 10", "class 1"}),
              (Names{"class 1", "class 2", "class 3", "class 4", "class 5", "class 6", "class 7",
                     "class 8", "class 9", "class 10"}));
    EXPECT_EQ(names_of({"group 2", "group 3"}), (Names{"class 1", "group 2", "group 3"}));
    EXPECT_EQ(names_of({"tumour", "class 1", "stroma", "class 3"}),
              (Names{"class 1", "stroma", "class 3", "tumour"}));
    EXPECT_EQ(names_of({"zone 10", "zone 9"}), (Names{"zone 9", "zone 10"}));
    EXPECT_EQ(names_of({"class 0", "class 02", "class x", "class "}),
              (Names{"class ", "class 0", "class 02", "class x"}));
    EXPECT_EQ(names_of({}), Names());
}

TEST(ClassNamesTest, ValuesBeyondTheLargestAreRefused) {
    EXPECT_EQ(names_of({"class 254"}).size(), 254u);
    EXPECT_THROW(names_of({"class 255"}), Error);
    EXPECT_THROW(names_of({"class 99999999999999999999"}), Error);
    EXPECT_THROW(names_by_value({"a", "b", "class 2"}, 2, "here"), Error);
}

TEST(ClassNamesTest, AValueIsFoundByNameOrByWhatTheNameSays) {
    const Names names{"tumour", "stroma", "class 1"};
    EXPECT_EQ(value_of_class("stroma", names), 2u);
    EXPECT_EQ(value_of_class("group 2", names), 2u);
    EXPECT_EQ(value_of_class("class 1", names), 3u);
    EXPECT_EQ(value_of_class("group 4", names), 0u);
    EXPECT_EQ(value_of_class("other", names), 0u);
}

}  // namespace
}  // namespace unet
