// How large an image's objects are, found by the network itself: PredictOptions::diameter, look_at.
#include "unet/predict/size_finder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/error.h"
#include "unet/model/model.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using predict::diameter_of;
using predict::settled;
using predict::SizeLook;

TEST(SizeFinderTest, TheSurestLookDecidesInPixelsOfTheImage) {
    // 10, 12 and 11 pixels of the image: all agree.
    const std::vector<SizeLook> looks{
        {0.5, 9, 5.0, 1.9}, {1.0, 20, 12.0, 0.3}, {2.0, 24, 22.0, 0.4}};
    EXPECT_DOUBLE_EQ(diameter_of(looks), 12.0);
}

TEST(SizeFinderTest, OfEquallySureLooksTheSmallestScaleDecides) {
    EXPECT_DOUBLE_EQ(diameter_of({{0.25, 9, 5.0, 2.0}, {0.5, 9, 10.0, 0.22}, {1.0, 9, 21.0, 0.2}}),
                     20.0);
}

TEST(SizeFinderTest, OneLargeBlobThatTheNextLookDoesNotFindDoesNotCount) {
    // As in an image of small nuclei on an uneven background: 368 pixels, then 44, then 28 and 12.
    const std::vector<SizeLook> looks{{0.125, 1, 46.0, 0.15},
                                      {0.25, 15, 11.0, 0.87},
                                      {0.5, 204, 7.0, 0.93},
                                      {1.0, 282, 12.0, 0.46}};
    EXPECT_DOUBLE_EQ(diameter_of(looks), 12.0);
    EXPECT_FALSE(settled({looks[0]}, 21.0));
    EXPECT_FALSE(settled({looks[0], looks[1]}, 21.0));
}

TEST(SizeFinderTest, PiecesOfLargeObjectsDoNotCount) {
    // Objects of 100 pixels stay 100 until they are shown at 100 and fall to pieces.
    EXPECT_DOUBLE_EQ(
        diameter_of({{0.125, 8, 12.0, 0.4}, {0.25, 8, 25.0, 0.2}, {1.0, 60, 40.0, 0.1}}), 100.0);
}

TEST(SizeFinderTest, NothingFoundIsNoSize) {
    EXPECT_EQ(diameter_of({}), 0.0);
    EXPECT_EQ(diameter_of({{1.0, 0, 0.0, 0.0}, {2.0, 0, 0.0, 0.0}}), 0.0);
    EXPECT_EQ(diameter_of({{1.0, 0, 0.0, 0.0}, {2.0, 3, 30.0, 0.5}}), 0.0) << "seen once";
    EXPECT_EQ(diameter_of({{1.0, 3, 15.0, 0.2}, {2.0, 1, 30.0, 0.1}}), 0.0) << "a single one";
    EXPECT_EQ(diameter_of({{1.0, 9, 15.0, 1.7}, {2.0, 9, 30.0, 1.2}}), 0.0) << "guesses";
}

TEST(SizeFinderTest, ItEndsWhereObjectsAreLargeAndClear) {
    const SizeLook before{0.25, 5, 7.0, 0.9};
    EXPECT_TRUE(settled({before, {0.5, 5, 14.0, 0.4}}, 21.0));
    EXPECT_FALSE(settled({before, {0.5, 5, 14.0, 0.6}}, 21.0)) << "unsure";
    EXPECT_FALSE(settled({before, {0.5, 5, 14.0, 0.4}}, 30.0)) << "small";
    EXPECT_FALSE(settled({before, {0.5, 5, 24.0, 0.4}}, 21.0)) << "another size";
}

/// Bright discs on a dark ground, `across` pixels wide, in rows and columns.
Image discs(std::int64_t across, const Size3& size) {
    Image image;
    image.size = size;
    image.type = SampleType::u8;
    image.values.resize(size.elements());
    const double pitch = 1.6 * static_cast<double>(across),
                 radius = 0.5 * static_cast<double>(across);
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x) {
                const double dy = std::fmod(static_cast<double>(y), pitch) - pitch / 2;
                const double dx = std::fmod(static_cast<double>(x), pitch) - pitch / 2;
                const bool inside = dy * dy + dx * dx <= radius * radius;
                image.plane(0, z)[y * size.width + x] =
                    static_cast<float>((inside ? 180 : 12) + (7 * y + 3 * x) % 11);
            }
    return image;
}

class OfNuclei : public testing::Test {
protected:
    void SetUp() override {
        // Plain loops take minutes for what every other table shows in a second.
        if (const char* chosen = std::getenv("UNET_KERNELS");
            chosen != nullptr && std::string_view(chosen) == "reference")
            GTEST_SKIP() << "with all other kernels";
    }
    const Model model = read_model(NUCLEI_MODEL);
};

TEST_F(OfNuclei, DiscsOfAnySizeAreFound) {
    for (const std::int64_t across : {6, 8, 12, 24, 50, 90, 180}) {
        const std::int64_t edge = std::max<std::int64_t>(200, 8 * across);
        const Image image = discs(across, {1, edge, edge + 30});
        Predictor predictor(model, {.threads = 2});
        ImageSource source(image);
        const ShownSize shown = predictor.look_at(source);
        EXPECT_NEAR(shown.diameter / static_cast<double>(across), 1.0, 0.15) << across;
        const double factor = model.info.object_size / shown.diameter;
        const bool near = factor < 1.5 && factor > 1 / 1.5;
        EXPECT_DOUBLE_EQ(shown.height, near ? 1.0 : factor > 1 ? factor / 1.2 : factor) << across;
        EXPECT_EQ(shown.width, shown.height);
    }
}

TEST_F(OfNuclei, NeitherTilesNorThreadsNorALimitOfMemoryChangeWhatIsFound) {
    const Image image = discs(70, {1, 600, 660});
    ImageSource source(image);
    LabelMap first;
    for (const PredictOptions& options :
         {PredictOptions{.threads = 1}, PredictOptions{.threads = 2, .tile = 64},
          PredictOptions{.threads = 2, .tile = 1000}}) {
        Predictor predictor(model, options);
        if (options.tile == 64) predictor.limit_memory(std::int64_t{40} << 20);
        const LabelMap objects = predictor.objects(image);
        if (first.values.empty()) first = objects;
        EXPECT_EQ(objects.values, first.values) << "tile " << options.tile;
        EXPECT_EQ(predictor.look_at(source).diameter, Predictor(model).look_at(source).diameter);
    }
}

TEST_F(OfNuclei, AnImageWithoutObjectsIsShownAsItIs) {
    Image image = discs(20, {1, 90, 90});
    std::fill(image.values.begin(), image.values.end(), 17.0f);
    Predictor predictor(model);
    ImageSource source(image);
    const ShownSize shown = predictor.look_at(source);
    EXPECT_EQ(shown.diameter, 0.0);
    EXPECT_EQ(shown.height, 1.0);
    for (const Size3& size : {Size3{1, 1, 1}, Size3{1, 1, 300}, Size3{3, 5, 2}}) {
        const Image small = discs(4, size);
        EXPECT_EQ(Predictor(model).objects(small).values.size(), size.elements());
    }
}

TEST_F(OfNuclei, WhatTheUserSaysIsNotLookedFor) {
    const Image image = discs(60, {1, 300, 300});
    ImageSource source(image);
    Predictor told(model, {.diameter = 60.0});
    EXPECT_DOUBLE_EQ(told.look_at(source).height, model.info.object_size / 60.0);
    PredictOptions by_scale;
    by_scale.scale = model.info.object_size / 60.0;
    EXPECT_EQ(told.objects(image).values, Predictor(model, by_scale).objects(image).values);
    Image measured = image;
    measured.spacing = {{0.5, 0.5, 0.5}, "um"};
    ImageSource with_pixels(measured);
    PredictOptions in_micrometres{.diameter = 30.0};
    in_micrometres.diameter_unit = "um";
    EXPECT_DOUBLE_EQ(Predictor(model, in_micrometres).look_at(with_pixels).diameter, 60.0);
    EXPECT_THROW(Predictor(model, in_micrometres).look_at(source), Error) << "no size of pixels";
    PredictOptions as_it_is;
    as_it_is.scale = 1.0;
    EXPECT_EQ(Predictor(model, as_it_is).look_at(source).height, 1.0);
    EXPECT_THROW(Predictor(model, {.diameter = 400.0}).objects(image), Error) << "beyond the image";
    Model old = model;
    old.info.object_size = 0.0;
    EXPECT_THROW(Predictor(old, {.diameter = 60.0}), Error);
    EXPECT_EQ(Predictor(old).look_at(source).height, 1.0);
}

}  // namespace
}  // namespace unet
