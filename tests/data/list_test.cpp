#include "unet/data/list.h"

#include "tests/data/folder.h"

namespace unet {
namespace {

class ListTest : public DataFolderTest {
protected:
    void SetUp() override {
        DataFolderTest::SetUp();
        for (const char* name : {"a.png", "b.png", "sub/c d.tif", "la.png", "lb.png", "lc.tif"})
            write(name, std::string("x"));
    }
    std::optional<std::vector<Pair>> read(const std::string& text) {
        write("list.csv", text);
        return pairs_of_list(folder / "list.csv");
    }
};

TEST_F(ListTest, ColumnsStandInAnyOrder) {
    const auto pairs = read(
        "\xEF\xBB\xBFsize, Split ,label,Group,image\r\n"
        "3,train,lc.tif,g1,\"sub/c d.tif\"\r\n"
        "4,val,lb.png,,b.png\r\n"
        "\r\n"
        "5,test,la.png,g1,a.png\r\n");
    ASSERT_TRUE(pairs);
    ASSERT_EQ(pairs->size(), 2u);
    EXPECT_EQ((*pairs)[0].name, "b");
    EXPECT_EQ((*pairs)[0].group, "b");
    EXPECT_EQ((*pairs)[0].part, Part::validation);
    EXPECT_EQ((*pairs)[1].image, folder / "sub/c d.tif");
    EXPECT_EQ((*pairs)[1].label, folder / "lc.tif");
    EXPECT_EQ((*pairs)[1].group, "g1");
    EXPECT_EQ((*pairs)[1].part, Part::train);
}

TEST_F(ListTest, SemicolonsOfASpreadsheetAreUnderstood) {
    const auto pairs = read("image;label\na.png;la.png\n");
    ASSERT_TRUE(pairs);
    EXPECT_EQ((*pairs)[0].part, Part::any);
}

TEST_F(ListTest, WithoutAColumnImageItIsNoList) {
    EXPECT_FALSE(read("id,width\na,3\n"));
    EXPECT_FALSE(read(""));
}

TEST_F(ListTest, AListTakesThePlaceOfFolders) {
    write("list.csv", std::string("image,label\na.png,la.png\n"));
    EXPECT_EQ(find_pairs(folder, {}, false, {}).size(), 1u);
}

TEST_F(ListTest, ASplitNamedTakesItsRowsAlone) {
    write("list.csv", std::string("image,label,split\na.png,la.png,Test\nb.png,lb.png,train\n"
                                  "sub/c d.tif,lc.tif,Validation\n"));
    const auto names = [&](const std::string& split) {
        std::string text;
        for (const Pair& pair : find_pairs(folder, {}, false, {}, split)) {
            EXPECT_EQ(pair.part, Part::any);
            text += pair.name + ";";
        }
        return text;
    };
    EXPECT_EQ(names("test"), "a;");
    EXPECT_EQ(names("train"), "b;");
    EXPECT_EQ(names("val"), "c d;");
    EXPECT_EQ(names("validation"), "c d;");
    EXPECT_EQ(message_of([&] { names("tset"); }), "DIR/list.csv: found no row with split tset");
}

TEST_F(ListTest, ASplitNamedNeedsAList) {
    write("images/a.png", std::string("x"));
    write("labels/a.png", std::string("x"));
    for (const char* labels : {"", "labels"})
        EXPECT_NE(message_of([&] {
                      find_pairs(*labels ? folder / "images" : folder,
                                 *labels ? folder / labels : "", false, {}, "test");
                  }).find("found no list.csv"),
                  std::string::npos);
}

TEST_F(ListTest, ErrorsNameTheLine) {
    EXPECT_EQ(message_of([&] { read("image\na.png\n"); }),
              "DIR/list.csv: found a column 'image' but none 'label', expected both");
    EXPECT_EQ(message_of([&] { read("image,label\na.png\n"); }),
              "DIR/list.csv: line 2: found no label, expected a path");
    EXPECT_EQ(message_of([&] { read("image,label\na.png,la.png\nz.png,la.png\n"); }),
              "DIR/list.csv: line 3: DIR/z.png: no such file");
    EXPECT_EQ(message_of([&] { read("image,label\na.png,la.png\na.png,lb.png\n"); }),
              "DIR/list.csv: line 3: a second image of the name a, expected one");
    EXPECT_EQ(message_of([&] { read("image,label\n"); }), "DIR/list.csv: found no row to train on");
}

}  // namespace
}  // namespace unet
