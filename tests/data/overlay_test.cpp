#include "unet/data/comparing/overlay.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/image/file_source.h"
#include "unet/image/read.h"

// Files of make_places.py: one volume, stored in other orders of axes by nibabel.

namespace unet {
namespace {

const std::filesystem::path places = std::filesystem::path(UNET_SOURCE_DIR) / "tests/image/places";
constexpr const char* orders[] = {"columns", "rows", "slices", "exchanged", "turned"};

std::string name_of(const char* kind, const char* order) {
    return std::string(kind) + "_" + order + ".nii.gz";
}

ReadOptions on_image(const std::string& file) {
    return Overlay(ReadOptions()).place(places / "image.nii.gz", places / file);
}

TEST(PlaceTest, IsTheAffineThatNibabelSays) {
    std::ifstream stream(places / "affines.json");
    const auto expected = nlohmann::json::parse(stream);
    ASSERT_EQ(expected.size(), 12u);
    for (const auto& [file, affine] : expected.items()) {
        const auto place = place_of(places / file);
        ASSERT_TRUE(place) << file;
        for (std::size_t row = 0; row < 3; ++row) {
            for (std::size_t axis = 0; axis < 3; ++axis)  // x, y, z
                EXPECT_NEAR(place->step[2 - axis][row], affine[row][axis].get<double>(), 2e-5)
                    << file;
            EXPECT_NEAR(place->origin[row], affine[row][3].get<double>(), 2e-5) << file;
        }
        EXPECT_EQ(place->unit, "mm");
    }
    EXPECT_FALSE(place_of(test_files() / "grey8.png"));
    EXPECT_FALSE(place_of(places / "not there.nii"));
}

TEST(OverlayTest, FilesInOtherOrdersAreTurnedOntoTheirPartner) {
    const LabelMap labels = read_labels(places / "labels.nii.gz");
    for (const char* order : orders) {
        const std::string file = name_of("labels", order);
        const ReadOptions options = on_image(file);
        EXPECT_FALSE(options.turn.none()) << order;
        const LabelMap turned = read_labels(places / file, options);
        EXPECT_EQ(turned.size, labels.size) << order;
        EXPECT_EQ(turned.values, labels.values) << order;
        for (std::size_t i = 0; i < 3; ++i)  // nibabel computes them anew
            EXPECT_NEAR(turned.spacing.size[i], labels.spacing.size[i], 1e-6) << order;
        // The other way round.
        const ReadOptions back =
            Overlay(ReadOptions()).place(places / file, places / "labels.nii.gz");
        EXPECT_EQ(read_labels(places / "labels.nii.gz", back).values,
                  read_labels(places / file).values)
            << order;
    }
    EXPECT_TRUE(on_image("labels.nii.gz").turn.none());
}

TEST(OverlayTest, APartOfATurnedFileIsThatOfTheWhole) {
    for (const char* order : orders) {
        ReadOptions options = on_image(name_of("image", order));
        options.pages = PageRange{{{1, 3}}};
        const Image whole = read_image(places / name_of("image", order), options);
        EXPECT_EQ(whole.values,
                  read_image(places / "image.nii.gz", {.pages = options.pages}).values)
            << order;
        FileSource source(places / name_of("image", order), options);
        ASSERT_EQ(source.size(), whole.size) << order;
        FileSource labels(places / name_of("labels", order), options, 1, FileUse::labels);
        const LabelMap all = read_labels(places / name_of("labels", order), options);
        for (const Region& region : {Region{0, 0, 0, {3, 9, 12}}, Region{1, 2, 3, {2, 4, 5}},
                                     Region{2, 8, 11, {1, 1, 1}}}) {
            std::vector<float> part(region.size.elements()), expected(part.size());
            source.read(region, part);
            ImageSource(whole).read(region, expected);
            EXPECT_EQ(part, expected) << order;
            std::vector<std::uint32_t> values(part.size());
            labels.read_labels(region, values);
            std::size_t at = 0;
            for (std::int64_t z = 0; z < region.size.depth; ++z)
                for (std::int64_t y = 0; y < region.size.height; ++y)
                    for (std::int64_t x = 0; x < region.size.width; ++x)
                        EXPECT_EQ(values[at++],
                                  all.plane(region.z + z)[(region.y + y) * 12 + region.x + x])
                            << order;
        }
    }
}

TEST(OverlayTest, ThatLieElsewhereAreRefusedWithBothPlaces) {
    for (const char* file : {"spacing.nii.gz", "origin.nii.gz", "oblique.nii.gz"}) {
        const std::string text = message_of([&] { on_image(file); }, ErrorCode::shape_mismatch);
        EXPECT_TRUE(contains(text, "lies elsewhere in space")) << text;
        EXPECT_TRUE(contains(text, "(10, -20, 30)")) << text;  // of the image
        EXPECT_TRUE(contains(text, file)) << text;
        EXPECT_TRUE(contains(text, "`by_pixels`")) << text;
        ReadOptions by_pixels;
        by_pixels.by_pixels = true;
        EXPECT_TRUE(Overlay(by_pixels).place(places / "image.nii.gz", places / file).turn.none());
    }
}

TEST(OverlayTest, UnitsRoundingAndPlacesByDefaultAreNoDifference) {
    for (const char* file : {"near.nii.gz", "micrometres.nii.gz", "no_unit.nii.gz"}) {
        Overlay overlay{ReadOptions()};
        EXPECT_TRUE(overlay.place(places / "image.nii.gz", places / file).turn.none()) << file;
        EXPECT_TRUE(overlay.notes().empty()) << file;
    }
    Overlay overlay{ReadOptions()};
    EXPECT_TRUE(overlay.place(places / "image.nii.gz", places / "by_default.nii.gz").turn.none());
    ASSERT_EQ(overlay.notes().size(), 1u);
    EXPECT_NE(overlay.notes()[0].find("pixel by pixel"), std::string::npos);
    EXPECT_TRUE(overlay.place(places / "image.nii.gz", test_files() / "grey8.png").turn.none());
    ASSERT_EQ(overlay.notes().size(), 2u);
    EXPECT_NE(overlay.notes()[1].find("only one of them says"), std::string::npos);
}

TEST(OverlayTest, NotesCountWhatWasTurned) {
    Overlay overlay{ReadOptions()};
    for (const char* order : orders)
        overlay.place(places / "image.nii.gz", places / name_of("labels", order));
    overlay.place(places / "image.nii.gz", places / "labels.nii.gz");
    ASSERT_EQ(overlay.notes().size(), 1u);
    EXPECT_EQ(overlay.notes()[0].substr(0, 24), "5 of 6 files were turned");
    EXPECT_NE(overlay.notes()[0].find("columns backwards)"), std::string::npos);
}

TEST(LabelsTest, AreWholeNumbersAgainThatNibabelScaled) {
    LabelMap expected = read_labels(places / "labels.nii.gz");
    for (std::uint32_t& value : expected.values) value = value == 3 ? 7 : value;
    EXPECT_EQ(read_labels(places / "scaled.nii.gz").values, expected.values);
}

}  // namespace
}  // namespace unet
