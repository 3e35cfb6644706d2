#include "unet/data/augment/deformation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/data/expected.h"
#include "tests/data/made.h"

namespace unet {
namespace {

std::vector<double> grid(std::int64_t points) {
    std::vector<double> values;
    for (std::int64_t i = 0; i < points * points; ++i)
        values.push_back(static_cast<double>(made::hashed(i)) / 50.0 - 10.0);
    return values;
}

/// Coefficients and rows are computed in double, the polynomial of a cell in float32: of values up
/// to 15 px and three multiplications and additions, 1e-5 px is five roundings.
constexpr double tolerance = 1e-5;

TEST(CubicFieldTest, EqualsScipysCubicSpline) {
    const auto compare = [](std::int64_t points, std::int64_t height, std::int64_t width,
                            const double* expected) {
        const CubicField field(grid(points), points, height, width);
        std::vector<float> row(width);
        for (std::int64_t y = 0; y < height; ++y) {
            field.row(y, row);
            for (std::int64_t x = 0; x < width; ++x)
                EXPECT_NEAR(row[x], expected[y * width + x], tolerance)
                    << points << " points, y " << y << " x " << x;
        }
    };
    compare(3, 7, 9, expected::field_3_of_7x9);
    compare(4, 6, 5, expected::field_4_of_6x5);
    compare(2, 5, 4, expected::field_2_of_5x4);
}

TEST(CubicFieldTest, EqualsScipysCubicSplineOnTheTileOfThePaper) {
    const CubicField field(grid(3), 3, 572, 572);
    std::vector<float> row(572);
    const double* expected = expected::field_3_of_572_at_97;
    for (std::int64_t y = 0; y < 572; y += 97) {
        field.row(y, row);
        for (std::size_t x = 0; x < 572; x += 97) EXPECT_NEAR(row[x], *expected++, tolerance);
    }
}

TEST(CubicFieldTest, PatchesOfOnePixelHaveAValue) {
    const CubicField field(grid(3), 3, 1, 1);
    std::vector<float> row(1);
    field.row(0, row);
    EXPECT_NEAR(row[0], grid(3)[0], tolerance);
}

TEST(DeformationTest, WithoutOptionsItIsExactlyTheIdentity) {
    Random random(3, Purpose::augmentation);
    const Deformation deformation(AugmentOptions::none(), 5, 572, random);
    std::vector<float> y(572), x(572);
    for (std::int64_t row = 0; row < 5; ++row) {
        deformation.row(row, y, x);
        for (std::size_t i = 0; i < 572; ++i) {
            ASSERT_EQ(y[i], static_cast<float>(row));
            ASSERT_EQ(x[i], static_cast<float>(i));
        }
    }
}

TEST(DeformationTest, RotationAndScaleKeepAnglesAndTheCentre) {
    AugmentOptions options = AugmentOptions::none();
    options.rotation = 180.0;
    options.scale_min = 2.0;
    options.scale_max = 2.0;
    std::vector<float> y(9), x(9);
    double turned = 0.0;
    for (std::uint32_t sample = 0; sample < 20; ++sample) {
        Random random(3, Purpose::augmentation, 0, sample);
        const Deformation deformation(options, 7, 9, random);
        deformation.row(3, y, x);
        EXPECT_NEAR(y[4], 3.0f, 1e-6f);
        EXPECT_NEAR(x[4], 4.0f, 1e-6f);
        // Twice as large: neighbouring pixels come from half a pixel apart.
        EXPECT_NEAR(std::hypot(y[5] - y[4], x[5] - x[4]), 0.5, 1e-6);
        const float down_y = y[4], down_x = x[4], right_y = y[5], right_x = x[5];
        deformation.row(4, y, x);
        EXPECT_NEAR((y[4] - down_y) * (right_y - down_y) + (x[4] - down_x) * (right_x - down_x),
                    0.0, 1e-6);
        turned = std::max<double>(turned, std::abs(right_y - down_y));
    }
    EXPECT_GT(turned, 0.4) << "no draw turned the patch far";
}

TEST(DeformationTest, FlipsReverseBothAxesEquallyOften) {
    AugmentOptions options = AugmentOptions::none();
    options.flips = true;
    int flipped_y = 0, flipped_x = 0, both = 0;
    std::vector<float> y(4), x(4);
    for (std::uint32_t sample = 0; sample < 1000; ++sample) {
        Random random(1, Purpose::augmentation, 0, sample);
        const Deformation deformation(options, 3, 4, random);
        deformation.row(0, y, x);
        ASSERT_TRUE(y[0] == 0.0f || y[0] == 2.0f);
        ASSERT_TRUE(x[0] == 0.0f || x[0] == 3.0f);
        flipped_y += y[0] == 2.0f;
        flipped_x += x[0] == 3.0f;
        both += y[0] == 2.0f && x[0] == 3.0f;
    }
    // Binomial with deviation 16 and 14: five of them.
    EXPECT_NEAR(flipped_y, 500, 80);
    EXPECT_NEAR(flipped_x, 500, 80);
    EXPECT_NEAR(both, 250, 70);
}

TEST(DeformationTest, ElasticDisplacementsHaveTheDeviationAsked) {
    AugmentOptions options = AugmentOptions::none();
    options.elastic_sigma = 10.0;
    std::vector<float> y(11), x(11);
    double sum = 0.0, squares = 0.0;
    const int draws = 2000;
    for (std::uint32_t sample = 0; sample < draws; ++sample) {
        Random random(1, Purpose::augmentation, 0, sample);
        const Deformation deformation(options, 11, 11, random);
        deformation.row(5, y, x);  // its centre is a point of the grid: the draw itself
        sum += y[5] - 5.0;
        squares += (y[5] - 5.0) * (y[5] - 5.0);
    }
    EXPECT_NEAR(sum / draws, 0.0, 5 * 10.0 / std::sqrt(draws));
    EXPECT_NEAR(std::sqrt(squares / draws), 10.0, 5 * 10.0 / std::sqrt(2.0 * draws));
}

}  // namespace
}  // namespace unet
