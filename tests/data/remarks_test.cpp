#include "unet/data/remarks.h"

#include <gtest/gtest.h>

#include "tests/data/made.h"

namespace unet {
namespace {

Sample sample(const std::string& name, LabelStorage storage = LabelStorage::integers) {
    Sample result{name, name, made::image_of({1, 2, 3}), made::map_of({"010", "002"}), Part::any};
    result.labels.storage = storage;
    return result;
}

TEST(RemarksTest, AnOrdinarySetHasNone) {
    Dataset set;
    set.meaning.values = {0, 1};
    set.samples = {sample("a"), sample("b")};
    EXPECT_TRUE(remarks_on(set).empty());
}

TEST(RemarksTest, EachOddityNamesItsFiles) {
    Dataset set;
    set.meaning.values = {0, 1};
    set.meaning.ignore = 9;
    set.samples = {sample("a", LabelStorage::floats),
                   sample("b", LabelStorage::white_is_zero),
                   sample("c", LabelStorage::floats),
                   sample("d"),
                   sample("e"),
                   sample("f")};
    set.samples[3].labels = made::map_of({"000", "090"});
    set.samples[4].image.values.assign(6, 7.0f);
    const auto remarks = remarks_on(set);
    ASSERT_EQ(remarks.size(), 4u);
    EXPECT_TRUE(remarks[0].starts_with("label files: 2 of 6 (a, c) hold floats")) << remarks[0];
    EXPECT_TRUE(remarks[1].starts_with("label files: 1 of 6 (b) show 0 as white")) << remarks[1];
    EXPECT_EQ(remarks[2], "label files: 1 of 6 (d) hold no object");
    EXPECT_TRUE(remarks[3].starts_with("warning: images: 1 of 6 (e) hold one value")) << remarks[3];
}

TEST(RemarksTest, OfManyFilesThreeAreNamed) {
    Dataset set;
    set.meaning.values = {0, 1};
    for (const char* name : {"a", "b", "c", "d"})
        set.samples.push_back(sample(name, LabelStorage::colour_table));
    ASSERT_EQ(remarks_on(set).size(), 1u);
    EXPECT_TRUE(remarks_on(set)[0].starts_with("label files: 4 of 4 (a, b, c, ...) have"));
}

}  // namespace
}  // namespace unet
