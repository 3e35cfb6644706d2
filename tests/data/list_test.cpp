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

TEST_F(ListTest, NamesAreReadAsWindowsAndPeopleWriteThem) {
    const auto label_of = [&](const std::string& text) {
        const auto pairs = read(text);
        return pairs && pairs->size() == 1
                   ? (*pairs)[0].image.string() + " " + (*pairs)[0].label.filename().string() +
                         " " + (*pairs)[0].group
                   : "";
    };
    const std::string expected = (folder / "sub/c d.tif").string() + " la.png g";
    for (const char* text : {"image,label,group\nsub\\c d.tif,la.png,g\n",
                             "image , label, group\n sub/c d.tif , la.png , g \n",
                             "image,label,group\rsub/c d.tif,la.png,g\r",
                             "image\tlabel\tgroup\nsub\\c d.tif\tla.png\tg\n"})
        EXPECT_EQ(label_of(text), expected) << text;
    std::string wide = "\xFF\xFE";
    for (const char c : std::string("image\tlabel\tgroup\r\nsub/c d.tif\tla.png\tg\r\n"))
        wide += {c, '\0'};
    EXPECT_EQ(label_of(wide), expected);
}

TEST_F(ListTest, EqualStemsOfTwoFoldersAreTwoImages) {
    for (const char* name : {"p1/w.tif", "p2/w.tif", "p1/l.tif", "p2/l.tif"})
        write(name, std::string("x"));
    const auto pairs = read("image,label\np1/w.tif,p1/l.tif\np2/w.tif,p2/l.tif\na.png,la.png\n");
    ASSERT_TRUE(pairs && pairs->size() == 3);
    EXPECT_EQ((*pairs)[0].name, "a");
    EXPECT_EQ((*pairs)[1].name, "p1_w");
    EXPECT_EQ((*pairs)[1].group, "p1_w");
    EXPECT_EQ((*pairs)[2].name, "p2_w");
    EXPECT_EQ((*pairs)[2].label, folder / "p2/l.tif");
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
              "DIR/list.csv: line 3: a second time the image DIR/a.png, expected one");
    EXPECT_EQ(message_of([&] { read("image,label\n"); }), "DIR/list.csv: found no row to train on");
}

}  // namespace
}  // namespace unet
