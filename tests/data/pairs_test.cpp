#include "unet/data/pairs.h"

#include "tests/data/folder.h"
#include "tests/data/made.h"

namespace unet {
namespace {

class PairsTest : public DataFolderTest {
protected:
    /// Files need no content to be paired.
    void touch(const std::vector<std::string>& names) {
        for (const std::string& name : names) write(name, std::string("x"));
    }
    std::vector<std::string> names_of(const std::vector<Pair>& pairs) {
        std::vector<std::string> names;
        for (const Pair& pair : pairs)
            names.push_back(pair.name + ": " + pair.image.filename().string() + " " +
                            pair.label.filename().string());
        return names;
    }
    std::vector<Pair> find(bool labelled_only = false) {
        return find_pairs(folder, {}, labelled_only, notice());
    }
};

TEST_F(PairsTest, StemsPairUpWhateverTheirEndings) {
    touch({"images/b.png", "images/a.tif", "images/c d.ome.tif", "images/.hidden.png",
           "labels/a.png", "labels/b.TIFF", "labels/c d.png", "labels/Thumbs.db"});
    EXPECT_EQ(names_of(find()), (std::vector<std::string>{"a: a.tif a.png", "b: b.png b.TIFF",
                                                          "c d: c d.ome.tif c d.png"}));
    EXPECT_TRUE(notices.empty());
}

TEST_F(PairsTest, WhatIsNoImageIsToldAndPassedOver) {
    touch({"images/a.png", "images/notes.txt", "images/b.csv", "images/sub/c.png", "labels/a.png",
           "labels/._a.png"});
    EXPECT_EQ(find().size(), 1u);
    EXPECT_EQ(notices,
              (std::vector<std::string>{
                  folder.string() +
                      "/images: 2 file(s) that are no images were passed over: b.csv, notes.txt",
                  folder.string() + "/images: 1 folder(s) inside were passed over: sub"}));
}

TEST_F(PairsTest, NamesThatLookTheSamePairUp) {
    const std::string composed = "Gr\xC3\xB6\xC3\x9F\x65", decomposed = "Gro\xCC\x88\xC3\x9F\x65";
    touch({"images/" + composed + ".png", "labels/" + decomposed + ".png", "images/caf\xE9.png",
           "labels/caf\xC3\xA9.png", "images/b.png", "labels/b.png"});
    const auto pairs = find();
    ASSERT_EQ(pairs.size(), 3u);
    EXPECT_EQ(pairs[0].name, composed);
    EXPECT_EQ(pairs[0].label, folder / ("labels/" + decomposed + ".png"));
    EXPECT_EQ(pairs[2].name, "caf\xE9");
    EXPECT_EQ(pairs[2].label, folder / "labels/caf\xC3\xA9.png");
    // Both spellings beside each other are two images, each with its own label.
    touch({"images/" + decomposed + ".png", "labels/" + composed + ".png"});
    std::size_t same = 0;
    for (const Pair& pair : find()) same += pair.label.stem() == pair.image.stem() ? 1 : 0;
    EXPECT_EQ(same, 3u);
}

TEST_F(PairsTest, EqualStemsGetNamesByTheirFolders) {
    using Paths = std::vector<std::filesystem::path>;
    using Names = std::vector<std::string>;
    EXPECT_EQ(unet::names_of(Paths{"p1/a.tif", "p2/b.tif"}), (Names{"a", "b"}));
    EXPECT_EQ(unet::names_of(Paths{"p1/i/a.ome.tif", "p2/i/a.tif", "p2/b.tif"}),
              (Names{"p1_i_a", "p2_i_a", "b"}));
    EXPECT_EQ(unet::names_of(Paths{"a.tif", "p/a.tif"}), (Names{"a", "p_a"}));
    EXPECT_EQ(unet::names_of(Paths{"p/a.tif", "p/a.tif"}), (Names{"p_a", "p_a"}));
}

TEST_F(PairsTest, MasksStandInForLabels) {
    touch({"images/a.png", "masks/a.png"});
    EXPECT_EQ(names_of(find()), std::vector<std::string>{"a: a.png a.png"});
}

TEST_F(PairsTest, TwoFoldersAndTwoStacksAreNamedDirectly) {
    touch({"volume/a.tif", "truth/a.tif", "stack.tif", "truth.tif"});
    EXPECT_EQ(find_pairs(folder / "volume", folder / "truth", false, {}).size(), 1u);
    const auto pairs = find_pairs(folder / "stack.tif", folder / "truth.tif", false, {});
    EXPECT_EQ(names_of(pairs), std::vector<std::string>{"stack: stack.tif truth.tif"});
}

TEST_F(PairsTest, AListWithoutImageColumnAndLabelsWithoutImageAreNoticed) {
    touch({"images/a.png", "labels/a.png", "labels/z.png"});
    write("list.csv", std::string("id,width\na,3\n"));
    EXPECT_EQ(find().size(), 1u);
    ASSERT_EQ(notices.size(), 2u);
    EXPECT_EQ(notices[0], folder.string() + "/list.csv: ignored, it has no column 'image'");
    EXPECT_EQ(notices[1],
              folder.string() + "/labels: 1 label(s) without an image are left out: z.png");
}

TEST_F(PairsTest, PairUpTellsWhatFindPairsRefuses) {
    touch({"images/a.png", "images/a.tif", "images/b.png", "images/c.png", "labels/a.png",
           "labels/c.png", "labels/z.png"});
    std::vector<FileFault> faults;
    const Pairing found = pair_up(folder, {}, faults, {});
    EXPECT_EQ(names_of(found.pairs),
              (std::vector<std::string>{"a: a.png a.png", "c: c.png c.png"}));
    EXPECT_EQ(found.lone_images, std::vector{folder / "images/b.png"});
    EXPECT_EQ(found.lone_labels, std::vector{folder / "labels/z.png"});
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].file, folder / "images/a.tif");
}

TEST_F(PairsTest, ImagesWithoutLabelAreAnErrorOrLeftOut) {
    touch({"images/a.png", "images/b.png", "images/c.png", "labels/b.png"});
    EXPECT_EQ(message_of([&] { find(); }),
              "DIR/images: 2 of 3 images have no label: a.png, c.png; expected a file of the same "
              "name in DIR/labels, or `labelled_only` to leave them out");
    EXPECT_EQ(find(true).size(), 1u);
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_EQ(notices[0], folder.string() + "/images: 2 of 3 images have no label: a.png, c.png");
}

TEST_F(PairsTest, NoPairAtAllIsAnErrorEvenIfLabelledOnly) {
    touch({"images/a.png", "labels/b.png"});
    EXPECT_EQ(message_of([&] { find(true); }),
              "DIR/images: 1 of 1 images have no label: a.png; expected a file of the same name in "
              "DIR/labels");
}

TEST_F(PairsTest, WhatIsMissingOrEmptyIsNamed) {
    EXPECT_EQ(message_of([&] { find_pairs(folder / "no", {}, false, {}); }),
              "DIR/no: no such file or folder");
    EXPECT_EQ(message_of([&] { find(); }),
              "DIR: found no folder images, expected the folders images and labels (or masks) in "
              "it");
    touch({"images/a.png"});
    EXPECT_EQ(message_of([&] { find(); }),
              "DIR: found no folder labels, expected the folders images and labels (or masks) in "
              "it");
    touch({"labels/readme.txt"});
    EXPECT_EQ(message_of([&] { find(); }),
              "DIR/labels: found no image, expected .png, .tif, .jpg or .nii files");
    EXPECT_EQ(message_of([&] { find_pairs(folder / "images/a.png", {}, false, {}); }),
              "DIR/images/a.png: found a file, expected a folder with images/ and labels/, or two "
              "files: IMAGES LABELS");
    EXPECT_EQ(message_of([&] { find_pairs(folder, folder / "images/a.png", false, {}); }),
              "DIR and DIR/images/a.png: found a folder and a file, expected two of a kind");
}

TEST_F(PairsTest, TwoFilesOfOneStemAreAnError) {
    touch({"images/a.png", "images/a.tif", "labels/a.png"});
    const std::string message = message_of([&] { find(); });
    EXPECT_NE(message.find("expected one file of each name"), std::string::npos) << message;
}

}  // namespace
}  // namespace unet
