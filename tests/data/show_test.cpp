#include "unet/data/show.h"

#include "tests/data/folder.h"
#include "tests/data/made.h"
#include "unet/image/read.h"

namespace unet {
namespace {

class ShowTest : public DataFolderTest {};

TEST_F(ShowTest, ImageTargetsAndWeightsStandSideBySide) {
    Batch batch;
    batch.image_shape = {1, 1, 1, 4, 6};
    batch.target_shape = {1, 1, 1, 2, 4};
    batch.images.assign(24, 0.5f);
    batch.targets = {0, 1, 0, 0, 0, 0, 0, 0};
    batch.weights = {1, 1, 1, 0, 2, 1, 1, 1};
    const RgbImage picture = rgb_image_of(batch, 0, false, 2.0f);
    EXPECT_EQ(picture.height, 4);
    EXPECT_EQ(picture.width, 6 + 4 + 4 + 4 + 4);
    EXPECT_EQ(picture.at(0, 0), (Colour{128, 128, 128}));
    EXPECT_EQ(picture.at(1, 1), (Colour{255, 200, 0})) << "the frame around the output";
    EXPECT_EQ(picture.at(0, 10), (Colour{0, 0, 0})) << "background";
    EXPECT_EQ(picture.at(0, 11), label_colour(1));
    EXPECT_EQ(picture.at(0, 13), (Colour{128, 128, 128})) << "ignored";
    EXPECT_EQ(picture.at(1, 18), (Colour{255, 255, 230})) << "largest weight";
    EXPECT_EQ(picture.at(0, 21), (Colour{0, 0, 0})) << "weight 0";
}

TEST_F(ShowTest, WritesAsManyPicturesAsAsked) {
    Context context(1);
    Dataset set;
    set.meaning = {LabelKind::instances, {0, 1}, {}, ""};
    set.samples.push_back({"cells", "", made::image_of({1, 40, 48}), made::cells(40, 48, 6, 3)});
    const TrainingSet training(context, set, {NormaliseRule::range, {}, {}}, {});
    BatchOptions options;
    options.geometry = {{1, 32, 32}, {1, 32, 32}};
    const auto files = show_patches(training, options, false, 3, folder / "new" / "pictures");
    ASSERT_EQ(files.size(), 3u);
    EXPECT_EQ(files[2].filename(), "cells_002.png");
    for (const auto& file : files) {
        const Image image = read_image(file);
        EXPECT_EQ(image.size, (Size3{1, 32, 3 * 32 + 2 * 4}));
        EXPECT_TRUE(image.rgb);
    }
    write("file", std::string("in the way"));
    EXPECT_NE(message_of([&] { show_patches(training, options, false, 1, folder / "file"); }), "");
}

}  // namespace
}  // namespace unet
