#include "unet/image/contents/contents.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/folder.h"
#include "unet/image/file_source.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/tiff/description.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

const std::vector<ImageInFile> two{{.name = "a", .size = {1, 6, 8}},
                                   {.name = "b", .size = {2, 6, 8}, .elsewhere = "b.tif"}};

TEST(ContentsTest, AnImageIsPickedByNumberOrName) {
    EXPECT_EQ(picked_series("", two, 1, "f.tif"), 1u);
    EXPECT_EQ(picked_series("0", two, 1, "f.tif"), 0u);
    EXPECT_EQ(picked_series("a", two, 1, "f.tif"), 0u);
    EXPECT_TRUE(contains(message_of([] { picked_series("2", two, 0, "f.tif"); }),
                         "'f.tif': `series` 2 was asked for, found 2 image(s): 0 'a' (6x8), 1 'b' "
                         "(2 planes of 6x8) in b.tif; expected a number from 0 to 1, or a name"));
    EXPECT_TRUE(contains(message_of([] { picked_series("b", two, 0, "f.tif"); }),
                         "not in this file but in b.tif"));
}

TEST(ContentsTest, ANameGoesBeforeANumber) {
    const std::vector<ImageInFile> fields{
        {.name = "1"}, {.name = "2"}, {.name = "2"}, {.name = "x"}};
    EXPECT_EQ(picked_series("1", fields, 0, "f.zarr"), 0u);
    EXPECT_EQ(picked_series("2", fields, 0, "f.zarr"), 2u);  // two of this name: by number
    EXPECT_EQ(picked_series("3", fields, 0, "f.zarr"), 3u);
    EXPECT_EQ(picked_series("x", fields, 0, "f.zarr"), 3u);
}

TEST(ContentsTest, OtherImagesAreTold) {
    ImageInfo info;
    EXPECT_TRUE(left_out(info, {}).empty());
    info.series = two;
    ASSERT_EQ(left_out(info, {}).size(), 1u);
    EXPECT_TRUE(contains(left_out(info, {})[0], "it holds 2 images"));
    ReadOptions picked;
    picked.series = "0";
    EXPECT_EQ(left_out(info, picked),
              std::vector<std::string>{"`series` 0: image 0 'a' of 2 is read"});
    // The levels of a pyramid behind its image show nothing else; a preview before it was not asked
    // for.
    info.series[1].smaller_copy = true;
    EXPECT_TRUE(left_out(info, {}).empty());
    std::swap(info.series[0], info.series[1]);
    info.series_taken = 1;
    EXPECT_EQ(left_out(info, {}).size(), 1u);
}

TEST(ContentsTest, NotesComeWithThePixels) {
    const auto file = test_files() / "ome_two_images.ome.tif";
    EXPECT_EQ(read_image(file).notes, read_image_info(file).notes);
    EXPECT_EQ(read_labels(file).notes, read_image_info(file).notes);
    EXPECT_EQ(FileSource(file).notes(), read_image_info(file).notes);
    ReadOptions second;
    second.series = "1";
    const Image other = read_image(file, second);  // make_stacks.py: 5 x 6 pixels of RGB, all 0
    EXPECT_EQ(other.size, (Size3{1, 5, 6}));
    EXPECT_EQ(other.notes.size(), 1u);
    EXPECT_TRUE(contains(other.notes.at(0), "`series` 1: image 1"));
    EXPECT_EQ(FileSource(file, second).size(), other.size);
    // A file of one image is that one for labels.
    EXPECT_EQ(read_labels(test_files() / "u8.tif", second).size, (Size3{1, 17, 23}));
    EXPECT_TRUE(contains(message_of([&] { read_image(test_files() / "u8.tif", second); }),
                         "found 1 image(s)"));
}

TEST(ContentsTest, TransparencyIsAChannelWhereItIsAskedFor) {
    const auto file = test_files() / "rgba8.png";
    ReadOptions all;
    all.channels = parse_pages("0-3", "");
    const Image image = read_image(file, all), without = read_image(file);
    EXPECT_EQ(image.channels, 4);
    EXPECT_EQ(without.channels, 3);
    EXPECT_FALSE(image.rgb);
    EXPECT_TRUE(std::equal(without.values.begin(), without.values.end(), image.values.begin()));
    const auto alpha = image.values.begin() + std::ssize(without.values);
    const bool differs =
        std::any_of(alpha, image.values.end(), [&](float value) { return value != *alpha; });
    EXPECT_EQ(without.notes.size(), differs ? 1u : 0u);
    EXPECT_EQ(FileSource(file).notes(), without.notes);
}

TEST(ContentsTest, WhichFileAPlaneIsInIdsOrNamesTell) {
    const auto fault = [](const char* name, const char* root, const char* first,
                          const char* second) {
        const auto data = [](const char* z, const char* file) {
            return fmt::format(
                "<TiffData FirstZ=\"{}\" IFD=\"0\" PlaneCount=\"1\"><UUID FileName=\"{}.tif\">{}"
                "</UUID></TiffData>",
                z, file, file);
        };
        OmeFile file;
        file.path = name;
        return parse_description(
                   fmt::format("<OME {}><Image><Pixels DimensionOrder=\"XYZCT\" SizeC=\"1\" "
                               "SizeT=\"1\" SizeZ=\"2\">{}{}</Pixels></Image></OME>",
                               root, data("0", first), data("1", second)),
                   1, 1, file)
            .fault;
    };
    EXPECT_TRUE(
        contains(fault("dir/a.tif", "", "a", "b"), "1 are not in it but in other files (b.tif)"));
    EXPECT_TRUE(
        contains(fault("dir/b.tif", "", "a", "b"), "1 are not in it but in other files (a.tif)"));
    EXPECT_TRUE(contains(fault("dir/c.tif", "", "a", "b"), "2 are not in it"));
    EXPECT_EQ(fault("dir/c.tif", "", "a", "a"), "");  // renamed, but there is no other
    EXPECT_TRUE(contains(fault("dir/c.tif", "UUID=\"b\"", "a", "b"), "(a.tif)"));
}

TEST(ImagePathTest, SlashesAndMetadataAreNoPartOfIt) {
    for (const char* typed : {"a/b.zarr", "a/b.zarr/", "a/b.zarr//", "a/b.zarr/.",
                              "a/b.zarr/.zattrs", "a/b.zarr/zarr.json"})
        EXPECT_EQ(image_path(typed), fs::path("a/b.zarr")) << typed;
    EXPECT_EQ(image_path(".zattrs"), fs::path("."));
    EXPECT_EQ(image_path("."), fs::path("."));
    EXPECT_EQ(image_path("/"), fs::path("/"));
    EXPECT_EQ(image_path(""), fs::path(""));
    EXPECT_EQ(name_of_image("x/b.ZARR/A/1/0/"), fs::path("b.ZARR/A/1/0"));
    EXPECT_EQ(name_of_image("x/b.tif"), fs::path("b.tif"));
    EXPECT_EQ(name_of_copy("x/b.tif"), fs::path("b.tif"));
    EXPECT_EQ(name_of_copy("x/b.ome.zarr/"), fs::path("b.ome.zarr"));
    EXPECT_EQ(name_of_copy("x/b.ome.zarr/A/1"), fs::path("b_A_1.zarr"));
}

}  // namespace
}  // namespace unet
