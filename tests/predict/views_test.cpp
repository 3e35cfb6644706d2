#include "unet/predict/views/views.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "small_models.h"
#include "views.h"

namespace unet::predict {
namespace {

/// The picture of make_views.py.
Image hashed_picture() {
    Image picture;
    picture.size = {1, 6, 9};
    for (std::uint64_t i = 0; i < 54; ++i)
        picture.values.push_back(
            static_cast<float>((i * 2654435761u % (std::uint64_t{1} << 32) >> 16) % 1000) /
            1000.0f);
    return picture;
}

TEST(ViewsTest, RotationsShowWhatNumpyShows) {
    Context context(2);
    const Image picture = hashed_picture();
    const auto views = views_of(Averaging::rotations7);
    ASSERT_EQ(views.size(), 7u);
    ViewSums sums;
    sums.start(picture.size, 1);
    Image shown;
    for (std::size_t k = 0; k < 7; ++k) {
        show(context, views[k], picture, shown);
        ASSERT_EQ(shown.size, (Size3{1, expected::view_sizes[k][0], expected::view_sizes[k][1]}));
        // Positions are floats of up to 10 px: 1e-6 px, where the picture slopes by up to 1.5.
        for (std::size_t i = 0; k == 2 && i < shown.values.size(); ++i)
            EXPECT_NEAR(shown.values[i], expected::view_2[i], 3e-6) << i;
        for (float& value : shown.values) value = std::clamp(value, 0.0f, 1.0f) * value;
        sums.add(context, views[k], shown);
    }
    std::vector<float> mean(54);
    sums.mean(mean);
    for (std::size_t i = 0; i < 54; ++i) EXPECT_NEAR(mean[i], expected::mean_of_views[i], 1e-5);
}

TEST(ViewsTest, MirrorsAreExactCopiesThereAndBack) {
    Context context(2);
    const Image picture = test::drawn_image({1, 37, 22}, 2);
    const auto views = views_of(Averaging::mirrors4);
    ASSERT_EQ(views.size(), 4u);
    for (std::size_t v = 0; v < 4; ++v) {
        Image shown;
        show(context, views[v], picture, shown);
        ASSERT_EQ(shown.size, picture.size);
        for (std::int64_t c = 0; c < 2; ++c)
            for (std::int64_t y = 0; y < 37; ++y)
                for (std::int64_t x = 0; x < 22; ++x)
                    ASSERT_EQ(shown.plane(c)[y * 22 + x],
                              picture.plane(c)[(v & 2 ? 36 - y : y) * 22 + (v & 1 ? 21 - x : x)]);
        for (float& value : shown.values) value /= 256.0f;
        ViewSums sums;
        sums.start(picture.size, 2);
        sums.add(context, views[v], shown);
        std::vector<float> back(picture.values.size());
        sums.mean(back);
        for (std::size_t i = 0; i < back.size(); ++i)
            ASSERT_EQ(back[i], picture.values[i] / 256.0f);
    }
}

TEST(ViewsTest, TheMeanOfEqualValuesIsTheValue) {
    Context context(1);
    for (const float value : {0.0f, 1.0f, 0.1f, 1.0f / 3.0f, 1e-6f}) {
        ViewSums sums;
        sums.start({1, 2, 3}, 1);
        for (const View& view : views_of(Averaging::rotations7)) {
            Image values;
            values.size = view.size_of({1, 2, 3});
            values.values.assign(values.size.elements(), value);
            sums.add(context, view, values);
        }
        std::vector<float> mean(6);
        sums.mean(mean);
        for (const float each : mean) ASSERT_EQ(each, value);
    }
}

}  // namespace
}  // namespace unet::predict
