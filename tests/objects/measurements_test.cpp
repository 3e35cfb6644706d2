// Shapes and brightness of real nuclei and of drawn maps are those of scikit-image
// (measurements_values.py).

#include "unet/objects/measuring/measurements.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "maps.h"
#include "measurements_values.h"
#include "tests/testing/errors.h"
#include "unet/objects/measuring/measurement_columns.h"

namespace unet {
namespace {

namespace values = measurements_values;

/// Sums of at most 1e4 terms, each rounded once: 1e-12; a difference of two such sums that is a
/// hundredth of them: 1e-10.
constexpr double tolerance = 1e-10;

LabelMap nuclei() {
    LabelMap map{{1, std::ssize(values::labels), std::ssize(values::labels[0])}, {}, {}};
    for (const std::string_view row : values::labels)
        for (const char c : row)
            map.values.push_back(c == '.' ? 0 : static_cast<std::uint32_t>(c - 'a' + 1));
    return map;
}

Image image_of(const Size3& size, std::int64_t channels = 1) {
    Image image;
    image.size = size;
    image.channels = channels;
    image.values.resize(channels * size.elements());
    return image;
}

Image image_of_nuclei() {
    Image image = image_of(nuclei().size);
    image.values.clear();
    for (const std::string_view row : values::pixels)
        for (std::size_t i = 0; i < row.size(); i += 2)
            image.values.push_back(std::stof("0x" + std::string(row.substr(i, 2))));
    return image;
}

/// All columns of an object with one channel, in the order of tables.
std::vector<double> row_of(const ObjectMeasurements& object) {
    std::vector<double> row;
    for (const ShapeColumn& column : shape_columns())
        row.push_back(column.value(object, object.pixels));
    for (const BrightnessColumn& column : brightness_columns())
        row.push_back(column.value(object.channels.at(0)));
    return row;
}

template <std::size_t Rows, std::size_t Columns>
void expect_rows(const std::vector<ObjectMeasurements>& objects,
                 const double (&expected)[Rows][Columns]) {
    ASSERT_EQ(objects.size(), Rows);
    for (std::size_t i = 0; i < Rows; ++i) {
        const std::vector<double> row = row_of(objects[i]);
        ASSERT_EQ(row.size(), Columns);
        for (std::size_t k = 0; k < Columns; ++k)
            EXPECT_NEAR(row[k], expected[i][k], tolerance * std::max(1.0, std::fabs(row[k])))
                << values::columns[k] << " of object " << objects[i].label;
    }
}

TEST(MeasurementsTest, ColumnsAreNamedAsThoseOfScikitImage) {
    std::vector<std::string> names;
    for (const ShapeColumn& column : shape_columns()) names.emplace_back(column.name);
    for (const BrightnessColumn& column : brightness_columns()) names.emplace_back(column.name);
    EXPECT_EQ(names,
              std::vector<std::string>(std::begin(values::columns), std::end(values::columns)));
}

TEST(MeasurementsTest, RealNucleiMeasureAsInScikitImage) {
    const Image image = image_of_nuclei();
    expect_rows(measure_objects(nuclei(), &image), values::nuclei);
}

TEST(MeasurementsTest, ObjectsOfManyPiecesMeasureAsInScikitImage) {
    const LabelMap map = drawn_map(5, {1, 97, 131}, 7, 5, 60);
    Image image = image_of(map.size);
    for (std::int64_t i = 0; i < map.size.elements(); ++i)
        image.values[i] = static_cast<float>((31 * (i / 131) + 17 * (i % 131)) % 251);
    expect_rows(measure_objects(map, &image), values::drawn);
}

// By hand, for what has no area to speak of: scikit-image's numbers, too.
TEST(MeasurementsTest, PixelsAndLines) {
    const auto objects =
        measure_objects(map_of({"a......", "..bbbb.", ".......", "c......", ".c.....", "..c...."}));
    ASSERT_EQ(objects.size(), 3u);
    const ObjectMeasurements &pixel = objects[0], &line = objects[1], &slope = objects[2];
    EXPECT_EQ(pixel.pixels.axis_major, 0.0);
    EXPECT_EQ(pixel.pixels.axis_minor, 0.0);
    EXPECT_EQ(pixel.eccentricity, 0.0);
    EXPECT_EQ(pixel.orientation, -M_PI / 4);
    EXPECT_EQ(pixel.pixels.feret_max, 1.0);
    EXPECT_DOUBLE_EQ(pixel.pixels.feret_min, std::sqrt(0.5));
    EXPECT_EQ(pixel.pixels.perimeter, 0.0);
    EXPECT_TRUE(std::isnan(pixel.circularity));
    EXPECT_TRUE(pixel.touches_border);

    EXPECT_EQ(line.solidity, 1.0);
    EXPECT_EQ(line.eccentricity, 1.0);
    EXPECT_EQ(line.pixels.axis_minor, 0.0);
    EXPECT_DOUBLE_EQ(line.pixels.axis_major, 4.0 * std::sqrt(1.25));
    EXPECT_DOUBLE_EQ(line.orientation, M_PI / 2);
    EXPECT_EQ(line.pixels.feret_max, 4.0);
    EXPECT_FALSE(line.touches_border);

    EXPECT_DOUBLE_EQ(slope.orientation, M_PI / 4);
    EXPECT_EQ(slope.pixels.axis_minor, 0.0);
    EXPECT_EQ(slope.bbox, (std::array<std::int64_t, 4>{3, 0, 6, 3}));
}

TEST(MeasurementsTest, NeighboursTouchByEdgeOrCorner) {
    const auto objects = measure_objects(map_of({"aab...", "aab..d", "..c...", "......"}));
    ASSERT_EQ(objects.size(), 4u);
    EXPECT_EQ(objects[0].neighbours, 2);  // b by an edge, c by a corner
    EXPECT_EQ(objects[1].neighbours, 2);
    EXPECT_EQ(objects[2].neighbours, 2);
    EXPECT_EQ(objects[3].neighbours, 0);
}

TEST(MeasurementsTest, OneObjectMayFillTheImageAndNoneMayBeThere) {
    LabelMap map{{1, 3, 4}, std::vector<std::uint32_t>(12, 7), {}};
    Image image = image_of(map.size);
    std::fill(image.values.begin(), image.values.end(), 5.0f);
    const auto objects = measure_objects(map, &image);
    ASSERT_EQ(objects.size(), 1u);
    EXPECT_EQ(objects[0].label, 7u);
    EXPECT_EQ(objects[0].pixels.area, 12.0);
    EXPECT_EQ(objects[0].solidity, 1.0);
    EXPECT_EQ(objects[0].channels.at(0).mean, 5.0);
    EXPECT_EQ(objects[0].channels.at(0).std, 0.0);
    EXPECT_TRUE(std::isnan(objects[0].channels.at(0).mean_corrected));  // there is no background
    std::fill(map.values.begin(), map.values.end(), 0);
    EXPECT_TRUE(measure_objects(map, &image).empty());
    EXPECT_TRUE(measure_objects(LabelMap{{1, 0, 0}, {}, {}}).empty());
}

TEST(MeasurementsTest, LargestIdsAreIdsAsOthers) {
    LabelMap map = map_of({"a.b"});
    map.values[0] = 4294967295u;
    const auto objects = measure_objects(map);
    ASSERT_EQ(objects.size(), 2u);
    EXPECT_EQ(objects[0].label, 2u);
    EXPECT_EQ(objects[1].label, 4294967295u);
}

TEST(MeasurementsTest, SlicesAreForThemselves) {
    LabelMap map{{2, 1, 3}, {5, 5, 0, 5, 0, 1}, {}};
    Image image = image_of(map.size, 2);
    image.values = {1, 3, 9, 20, 8, 30, 100, 100, 100, 200, 0, 300};  // c0: z0, z1; c1: z0, z1
    const auto objects = measure_objects(map, &image);
    ASSERT_EQ(objects.size(), 3u);
    const std::int64_t slices[] = {0, 1, 1};
    const std::uint32_t labels[] = {5, 1, 5};
    const double means[][2] = {{2, 100}, {30, 300}, {20, 200}};
    const double corrected[][2] = {{-7, 0}, {22, 300}, {12, 200}};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(objects[i].slice, slices[i]);
        EXPECT_EQ(objects[i].label, labels[i]);
        for (std::size_t c = 0; c < 2; ++c) {
            EXPECT_EQ(objects[i].channels.at(c).mean, means[i][c]);
            EXPECT_EQ(objects[i].channels.at(c).mean_corrected, corrected[i][c]);
        }
    }
}

TEST(MeasurementsTest, SpacingGivesLengthsInItsUnit) {
    LabelMap map = nuclei();
    EXPECT_FALSE(measure_objects(map)[0].physical);
    map.spacing = {{0.0, 0.5, 0.5}, "um"};
    for (const ObjectMeasurements& object : measure_objects(map)) {
        const Lengths &a = object.pixels, &b = *object.physical;
        EXPECT_DOUBLE_EQ(b.area, 0.25 * a.area);
        EXPECT_DOUBLE_EQ(b.centroid[1], 0.5 * a.centroid[1]);
        EXPECT_DOUBLE_EQ(b.perimeter, 0.5 * a.perimeter);
        EXPECT_DOUBLE_EQ(b.equivalent_diameter, 0.5 * a.equivalent_diameter);
        EXPECT_DOUBLE_EQ(b.axis_major, 0.5 * a.axis_major);
        EXPECT_DOUBLE_EQ(b.feret_max, 0.5 * a.feret_max);
        EXPECT_DOUBLE_EQ(b.feret_min, 0.5 * a.feret_min);
    }
}

TEST(MeasurementsTest, PixelsThatAreNotSquareAreMeasuredAsTheyAre) {
    // Five rows of one pixel: 5 x 2 high, 1 x 0.5 wide.
    LabelMap map{{1, 5, 1}, {1, 1, 1, 1, 1}, {{0.0, 2.0, 0.5}, "um"}};
    const Lengths lengths = *measure_objects(map)[0].physical;
    EXPECT_EQ(lengths.area, 5.0);
    EXPECT_EQ(lengths.feret_max, 10.0);
    EXPECT_DOUBLE_EQ(lengths.axis_major, 2.0 * 4.0 * std::sqrt(2.0));
    EXPECT_EQ(lengths.centroid[0], 4.0);
    EXPECT_TRUE(std::isnan(lengths.perimeter));
}

TEST(MeasurementsTest, TheImageLendsItsSpacing) {
    LabelMap map = map_of({"a"});
    Image image = image_of(map.size);
    image.spacing = {{0.0, 3.0, 3.0}, "nm"};
    EXPECT_EQ(measure_objects(map, &image)[0].physical->area, 9.0);
    EXPECT_EQ(measured_spacing(map, &image).unit, "nm");
    map.spacing = {{0.0, 2.0, 2.0}, "um"};
    EXPECT_EQ(measure_objects(map, &image)[0].physical->area, 4.0);
}

std::string error_of(const LabelMap& map, const Image& image, ErrorCode code) {
    return message_of([&] { measure_objects(map, &image); }, code);
}

TEST(MeasurementsTest, RefusesAnImageOfAnotherSize) {
    for (const Size3& size : {Size3{1, 2, 2}, Size3{1, 1, 3}, Size3{2, 1, 2}})
        EXPECT_EQ(error_of(map_of({"aa"}), image_of(size), ErrorCode::shape_mismatch)
                      .find("the labels are 1x2 pixels, the image is " + to_string(size)),
                  0u);
}

TEST(MeasurementsTest, ValuesThatAreNoNumbersMatterToTheirObjectAlone) {
    const LabelMap map = map_of({"aab", "..b", "..."});
    Image image = image_of(map.size);
    image.values = {1, 3, 5, 2, 2, std::nanf(""), 6, 4, std::numeric_limits<float>::infinity()};
    const auto objects = measure_objects(map, &image);
    ASSERT_EQ(objects.size(), 2u);
    // numpy: of [1, 3]; the median of the background's numbers 2, 2, 6, 4 is 3
    EXPECT_EQ(objects[0].channels[0].mean, 2.0);
    EXPECT_EQ(objects[0].channels[0].max, 3.0);
    EXPECT_EQ(objects[0].channels[0].mean_corrected, -1.0);
    const Brightness& without = objects[1].channels[0];
    for (const double value : {without.mean, without.std, without.min, without.max, without.median,
                               without.sum, without.mean_corrected})
        EXPECT_TRUE(std::isnan(value));
    EXPECT_EQ(objects[1].pixels.area, 2.0);
}

}  // namespace
}  // namespace unet
