#include "unet/image/tiff/tiff_sink.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/write.h"

namespace unet {
namespace {

using TiffSinkTest = FolderTest;

/// 2 slices of 5 x 7 whose values are all different.
Image numbered(std::int64_t channels, SampleType type, bool rgb) {
    Image image{{2, 5, 7}, channels, {}, type, {{2.0, 0.5, 0.25}, "um"}, rgb};
    image.values.resize(channels * image.size.elements());
    std::iota(image.values.begin(), image.values.end(), 3.0f);
    return image;
}

/// Writes boxes of 2 x 3 pixels, the last ones first.
void write_backwards(RegionSink& sink, const Image& image) {
    ImageSource source(image);
    for (std::int64_t z = image.size.depth - 1; z >= 0; --z)
        for (std::int64_t y = (image.size.height - 1) / 2 * 2; y >= 0; y -= 2)
            for (std::int64_t x = (image.size.width - 1) / 3 * 3; x >= 0; x -= 3) {
                const Region region{z,
                                    y,
                                    x,
                                    {1, std::min<std::int64_t>(2, image.size.height - y),
                                     std::min<std::int64_t>(3, image.size.width - x)}};
                std::vector<float> values(image.channels * region.size.elements());
                source.read(region, values);
                sink.write(region, values);
            }
}

TEST_F(TiffSinkTest, RegionsInAnyOrderGiveTheBytesOfTheWholeImage) {
    struct Case {
        std::int64_t channels;
        SampleType type;
        bool rgb;
    };
    for (const Case& each : {Case{1, SampleType::u8, false}, Case{2, SampleType::f32, false},
                             Case{3, SampleType::u16, true}, Case{4, SampleType::i16, false}}) {
        const Image image = numbered(each.channels, each.type, each.rgb);
        write_image(folder / "whole.tif", image);
        TiffSink sink(folder / "regions.tif",
                      {image.size, image.channels, image.type, image.rgb, image.spacing, {}});
        write_backwards(sink, image);
        sink.finish();
        EXPECT_EQ(read_file(folder / "regions.tif"), read_file(folder / "whole.tif"))
            << each.channels << " channels";
    }
}

TEST_F(TiffSinkTest, LabelsToo) {
    const Image image = numbered(1, SampleType::u16, false);
    LabelMap labels{image.size, {}, image.spacing};
    for (const float value : image.values)
        labels.values.push_back(static_cast<std::uint32_t>(value));
    write_labels(folder / "whole.tif", labels);
    TiffSink sink(folder / "regions.tif",
                  {image.size, 1, SampleType::u16, false, image.spacing, label_colour_map({})});
    write_backwards(sink, image);
    sink.finish();
    EXPECT_EQ(read_file(folder / "regions.tif"), read_file(folder / "whole.tif"));
}

TEST_F(TiffSinkTest, WithoutFinishNothingIsLeftBehind) {
    {
        TiffSink sink(folder / "half.tif", {{1, 4, 4}});
        sink.write({0, 0, 0, {1, 2, 4}}, std::vector<float>(8));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace unet
