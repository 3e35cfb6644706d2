#include "unet/kernels/planar.h"

#include <gtest/gtest.h>

#include "tests/kernels/blocked.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

std::vector<Shape> shapes() {
    std::vector<Shape> all;
    for (const std::int64_t channels : {1, 3, 5, 16, 17, 24, 40})
        all.push_back({2, channels, 1, 5, 7});
    for (std::int64_t width = 1; width <= 35; ++width) all.push_back({1, 5, 1, 3, width});
    all.push_back({2, 17, 3, 4, 5});
    return all;
}

/// Every value is another one.
std::vector<float> numbered(const Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(shape.elements()));
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<float>(k) - 100.0f;
    return values;
}

class PlanarTest : public TableTest {};

TEST_P(PlanarTest, PutsEveryValueInItsPlaceAndZerosBehindTheLastChannel) {
    Context context(1);
    for (const Shape& shape : shapes()) {
        const auto host = numbered(shape);
        FramedTensor<float> tensor(shape.batch, shape.channels, shape.size(), {1, 1, 1});
        tensor.forget_padding();
        table().from_planar(context, host.data(), {0, shape.height}, tensor.view());
        EXPECT_TRUE(tensor.intact()) << to_string(shape);
        float next = -100.0f;
        for (std::int64_t n = 0; n < shape.batch; ++n)
            for (std::int64_t c = 0; c < shape.channels; ++c)
                reference::for_pixels(1, shape.size(), [&](auto, auto z, auto y, auto x) {
                    EXPECT_EQ(tensor.view().at(n, c, z, y, x), next++) << to_string(shape);
                });
    }
}

TEST_P(PlanarTest, ComesBackUnchanged) {
    for (const int threads : {1, 2, 3}) {
        Context context(threads);
        for (const Shape& shape : shapes()) {
            const auto host = numbered(shape);
            FramedTensor<float> tensor(shape.batch, shape.channels, shape.size(), {1, 1, 1});
            table().from_planar(context, host.data(), {0, shape.height}, tensor.view());
            auto back = numbered(shape);
            back.assign(back.size() + 1, float_nan);
            table().to_planar(context, std::as_const(tensor).view(), {0, shape.height},
                              back.data());
            EXPECT_TRUE(std::isnan(back.back())) << to_string(shape);
            back.pop_back();
            EXPECT_EQ(back, host) << to_string(shape) << ", threads " << threads;
        }
    }
}

// Rows -1 to 2 of images 5 rows high, and rows 3 to 6: what lies outside them is zero.
TEST_P(PlanarTest, TakesSomeRowsOfAnImage) {
    Context context(2);
    const Shape shape{2, 17, 3, 5, 4};
    const auto host = numbered(shape);
    std::vector<float> back(host.size(), float_nan);
    for (const std::int64_t first : {-1, 3}) {
        FramedTensor<float> tensor(shape.batch, shape.channels, {shape.depth, 4, shape.width});
        table().from_planar(context, host.data(), {first, shape.height}, tensor.view());
        EXPECT_TRUE(tensor.intact());
        View inside = tensor.view();
        reference::for_pixels(shape.batch, inside.size, [&](auto n, auto z, auto y, auto x) {
            const std::int64_t row = first + y;
            for (std::int64_t c = 0; c < shape.channels; ++c) {
                const auto place =
                    (((n * shape.channels + c) * shape.depth + z) * shape.height + row) *
                        shape.width +
                    x;
                EXPECT_EQ(inside.at(n, c, z, y, x),
                          row < 0 || row > 4 ? 0.0f : host[static_cast<std::size_t>(place)]);
            }
        });
        const std::int64_t skipped = first < 0 ? -first : 0;
        inside.data += skipped * inside.row_stride;
        inside.size.height = std::min(shape.height, first + 4) - (first + skipped);
        table().to_planar(context, inside, {first + skipped, shape.height}, back.data());
    }
    EXPECT_EQ(back, host);
}

UNET_FOR_EVERY_TABLE(PlanarTest);

}  // namespace
}  // namespace unet::kernels
