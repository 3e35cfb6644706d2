#include "unet/data/dataset.h"

#include <limits>

#include "tests/data/folder.h"
#include "tests/data/made.h"
#include "unet/data/training_set.h"

namespace unet {
namespace {

class DatasetTest : public DataFolderTest {
protected:
    void write_pair(const std::string& name, const Image& image, const LabelMap& labels) {
        write("images/" + name, image);
        write("labels/" + name, labels);
    }
    Dataset read(DatasetOptions options = {}) {
        Context context(2);
        if (options.images.empty()) options.images = folder;
        return read_dataset(context, options, notice());
    }
};

TEST_F(DatasetTest, ReadsImagesAndLabelsWithTheirMeaning) {
    const Image b = made::image_of({1, 60, 70}), a = made::image_of({1, 33, 44}, 1, 7);
    write_pair("b.png", b, made::cells(60, 70, 12, 3));
    write_pair("a.tif", a, made::cells(33, 44, 11, 2));
    const Dataset set = read();
    ASSERT_EQ(set.samples.size(), 2u);
    EXPECT_EQ(set.samples[0].name, "a");
    EXPECT_EQ(set.samples[0].group, "a");
    EXPECT_EQ(set.samples[0].image.values, a.values);
    EXPECT_EQ(set.samples[1].image.values, b.values);
    EXPECT_EQ(set.samples[1].labels.values, made::cells(60, 70, 12, 3).values);
    EXPECT_EQ(set.meaning.kind, LabelKind::instances);
    EXPECT_EQ(set.channels, 1);
    EXPECT_FALSE(set.rgb);
    EXPECT_EQ(set.bytes(), (60 * 70 + 33 * 44) * 8);
    EXPECT_TRUE(notices.empty());
}

TEST_F(DatasetTest, PagesPickSlicesOfTwoStacks) {
    LabelMap labels{{4, 3, 5}, std::vector<std::uint32_t>(60), {}};
    for (std::size_t i = 0; i < 60; i += 2) labels.values[i] = 255;
    const Image image = made::image_of({4, 3, 5});
    write("volume.tif", image);
    write("truth.tif", labels);
    DatasetOptions options;
    options.images = folder / "volume.tif";
    options.labels = folder / "truth.tif";
    options.stacks.pages = "1-2";
    const Dataset set = read(options);
    ASSERT_EQ(set.samples.size(), 1u);
    EXPECT_EQ(set.slices(), 2);
    EXPECT_EQ(set.samples[0].image.values,
              std::vector<float>(image.values.begin() + 15, image.values.begin() + 45));
    EXPECT_EQ(set.meaning.kind, LabelKind::binary);
    options.stacks.pages = "1-7";
    EXPECT_NE(message_of([&] { read(options); }), "");
}

TEST_F(DatasetTest, SizesThatDifferAreAnErrorWithBoth) {
    write("images/a.png", made::image_of({1, 10, 20}));
    write("labels/a.png", made::cells(10, 21, 3, 2));
    EXPECT_EQ(message_of([&] { read(); }),
              "DIR/images/a.png has 10x20 pixels, its label map DIR/labels/a.png has 10x21; "
              "expected the same size");
}

TEST_F(DatasetTest, OfSeveralBadFilesTheFirstByNameIsReported) {
    for (const char* name : {"c.png", "a.png", "b.png"}) {
        write(std::string("images/") + name, made::image_of({1, 10, 20}));
        write(std::string("labels/") + name, std::string("no image"));
    }
    const std::string message = message_of([&] { read(); });
    EXPECT_NE(message.find("labels/a.png"), std::string::npos) << message;
}

TEST_F(DatasetTest, PixelsThatAreNotFiniteAreRefused) {
    Image image = made::image_of({1, 4, 4});
    image.type = SampleType::f32;
    image.values[5] = std::numeric_limits<float>::quiet_NaN();
    write("images/a.tif", image);
    write("labels/a.png", made::map_of({"0100", "0000", "0000", "0000"}));
    EXPECT_NE(message_of([&] { read(); }).find("DIR/images/a.tif"), std::string::npos);
}

TEST_F(DatasetTest, GreyAndColourBecomeColourOrOnRequestGrey) {
    const LabelMap labels = made::map_of({"010", "010"});
    const Image colour = made::image_of({1, 2, 3}, 3);
    write_pair("a.png", made::image_of({1, 2, 3}), labels);
    write_pair("b.png", colour, labels);
    Dataset set = read();
    EXPECT_TRUE(set.rgb && set.mixed);
    EXPECT_EQ(set.channels, 3);
    EXPECT_EQ(set.samples[0].image.channels, 1) << "three equal channels are stored once";
    EXPECT_EQ(set.samples[1].image.channels, 3);
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_EQ(notices[0], "1 grey and 1 colour images: all become colour; `grey` makes all grey");
    EXPECT_EQ(default_normalisation(set).rule, NormaliseRule::image);
    DatasetOptions grey;
    grey.grey = true;
    set = read(grey);
    EXPECT_FALSE(set.rgb);
    EXPECT_EQ(set.channels, 1);
    EXPECT_NEAR(set.samples[1].image.values[0],
                (colour.values[0] + colour.values[6] + colour.values[12]) / 3.0f, 1e-4f);
}

TEST_F(DatasetTest, ColourAloneTakesItsRangeAndGreyIsStretched) {
    const LabelMap labels = made::map_of({"010", "010"});
    write_pair("a.png", made::image_of({1, 2, 3}, 3), labels);
    EXPECT_EQ(default_normalisation(read()).rule, NormaliseRule::range);
    DatasetOptions grey;
    grey.grey = true;
    EXPECT_EQ(default_normalisation(read(grey)).rule, NormaliseRule::image);
}

TEST_F(DatasetTest, OtherChannelsThatDifferAreAnError) {
    const LabelMap labels = made::map_of({"010", "010"});
    write_pair("a.tif", made::image_of({1, 2, 3}), labels);
    write_pair("b.tif", made::image_of({1, 2, 3}, 2), labels);
    EXPECT_EQ(message_of([&] { read(); }),
              "DIR/images/a.tif has 1 channel(s), DIR/images/b.tif has 2; expected the same in all "
              "images");
}

TEST_F(DatasetTest, AValueToIgnoreThatNeverOccursIsNoticed) {
    write_pair("a.png", made::image_of({1, 2, 3}), made::map_of({"010", "010"}));
    DatasetOptions options;
    options.ignore = 7;
    read(options);
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_NE(notices[0].find("no label has the value 7"), std::string::npos);
}

}  // namespace
}  // namespace unet
