// Objects of a stack as wholes are those of scikit-image (measurements_values.py).

#include "unet/objects/measuring/volumes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "maps.h"
#include "measurements_values.h"
#include "unet/core/error.h"
#include "unet/objects/measuring/measurement_columns.h"

namespace unet {
namespace {

namespace values = measurements_values;

/// As in measurements_test.cpp; the third root is good to 1e-11 (power_of).
constexpr double tolerance = 1e-10;

LabelMap stack() {
    LabelMap map = drawn_map(7, {3, 20, 50}, 4, 6, 30);
    map.spacing = {{2.0, 0.5, 0.25}, "um"};
    return map;
}

Image image_of(const Size3& size) {
    Image image;
    image.size = size;
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x)
                image.values.push_back(static_cast<float>((7 * z + 31 * y + 17 * x) % 251));
    return image;
}

std::vector<double> row_of(const VolumeMeasurements& object) {
    std::vector<double> row;
    for (const VolumeColumn& column : volume_columns())
        row.push_back(column.value(object, object.voxels));
    for (const VolumeColumn& column : volume_columns())
        if (column.dimension != Dimension::none)
            row.push_back(column.value(object, object.physical.value()));
    for (const BrightnessColumn& column : brightness_columns())
        row.push_back(column.value(object.channels.at(0)));
    return row;
}

TEST(VolumesTest, MeasureAsInScikitImage) {
    const LabelMap map = stack();
    const Image image = image_of(map.size);
    const auto objects = measure_volumes(map, &image);
    ASSERT_EQ(objects.size(), std::size(values::volumes));
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const std::vector<double> row = row_of(objects[i]);
        ASSERT_EQ(row.size(), std::size(values::volumes[i]));
        for (std::size_t k = 0; k < row.size(); ++k)
            EXPECT_NEAR(row[k], values::volumes[i][k], tolerance * std::max(1.0, std::fabs(row[k])))
                << "column " << k << " of object " << objects[i].label;
    }
}

TEST(VolumesTest, AVoxelAndALineHaveNoWidth) {
    LabelMap map{{3, 3, 3}, std::vector<std::uint32_t>(27, 0), {}};
    map.values[13] = 2;
    for (const std::size_t corner : {0u, 26u})
        map.values[corner] = 5;  // the far ends of a diagonal
    const auto objects = measure_volumes(map);
    ASSERT_EQ(objects.size(), 2u);
    EXPECT_EQ(objects[0].voxels.axis_major, 0.0);
    EXPECT_FALSE(objects[0].touches_border);
    EXPECT_FALSE(objects[0].physical);
    EXPECT_DOUBLE_EQ(objects[1].voxels.axis_major, std::sqrt(60.0));
    EXPECT_NEAR(objects[1].voxels.axis_minor, 0.0, 1e-7);
    EXPECT_TRUE(objects[1].touches_border);
    EXPECT_EQ(objects[1].bbox, (std::array<std::int64_t, 6>{0, 0, 0, 3, 3, 3}));
}

TEST(VolumesTest, FirstAndLastSliceAreBorder) {
    LabelMap map{{4, 3, 3}, std::vector<std::uint32_t>(36, 0), {}};
    for (std::size_t z = 0; z < 4; ++z) map.values[9 * z + 4] = static_cast<std::uint32_t>(z + 1);
    const auto objects = measure_volumes(map);
    const bool border[] = {true, false, false, true};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(objects.at(i).touches_border, border[i]);
}

TEST(VolumesTest, RefusesAnImageOfAnotherSize) {
    const Image image = image_of({2, 20, 50});
    EXPECT_THROW(measure_volumes(stack(), &image), Error);
    EXPECT_TRUE(measure_volumes(LabelMap{{0, 0, 0}, {}, {}}).empty());
}

}  // namespace
}  // namespace unet
