#include "unet/predict/views/views.h"

#include <cmath>

#include "unet/core/math.h"
#include "unet/pixels/resample.h"

namespace unet::predict {
namespace {

/// Calls row(source, line) for every row of an image of size `to`, in parallel; `source` reads
/// images of size `from` where `matrix` says, both counted from their centres.
template <class Row>
void for_rows(Context& context, const View& matrix, const Size3& to, const Size3& from, Row row) {
    constexpr std::int64_t band = 16;
    const auto middle = [](std::int64_t length) { return static_cast<double>(length - 1) / 2.0; };
    parallel_for(context, (to.height + band - 1) / band, [&](std::int64_t item, int) {
        RowSource source(to.width);
        std::vector<float> y(to.width), x(y.size());
        for (std::int64_t line = item * band; line < std::min(to.height, (item + 1) * band);
             ++line) {
            const double dy = static_cast<double>(line) - middle(to.height);
            for (std::size_t i = 0; i < y.size(); ++i) {
                const double dx = static_cast<double>(i) - middle(to.width);
                y[i] = static_cast<float>(middle(from.height) + matrix.yy * dy + matrix.yx * dx);
                x[i] = static_cast<float>(middle(from.width) + matrix.xy * dy + matrix.xx * dx);
            }
            source.set(y, x, 0, 0, from.height, from.width);
            row(source, line);
        }
    });
}

View inverse(const View& view) { return {view.yy, view.xy, view.yx, view.xx}; }

/// One in the sums' whole numbers: floats from 2^-30 up are kept exactly, and seven fit.
constexpr double unit = 0x1p53;

}  // namespace

Size3 View::size_of(const Size3& image) const {
    const auto height = static_cast<double>(image.height - 1);
    const auto width = static_cast<double>(image.width - 1);
    const auto extent = [&](double along_height, double along_width) {
        return 1 + static_cast<std::int64_t>(
                       std::ceil(std::abs(along_height) * height + std::abs(along_width) * width));
    };
    return {1, extent(yy, xy), extent(yx, xx)};
}

std::vector<View> views_of(Averaging averaging) {
    std::vector<View> views;
    if (averaging == Averaging::mirrors4) {
        for (const double y : {1.0, -1.0})
            for (const double x : {1.0, -1.0}) views.push_back({y, 0.0, 0.0, x});
    } else if (averaging == Averaging::rotations7) {
        for (int k = 0; k < 7; ++k) {
            const double angle = 2.0 * pi * k / 7.0;
            views.push_back({cos_of(angle), sin_of(angle), -sin_of(angle), cos_of(angle)});
        }
    } else {
        views.push_back({});
    }
    return views;
}

void show(Context& context, const View& view, const Image& slice, Image& shown) {
    shown.size = view.size_of(slice.size);
    shown.channels = slice.channels;
    shown.type = slice.type;
    shown.rgb = slice.rgb;
    shown.values.resize(shown.channels * shown.size.elements());
    for_rows(context, view, shown.size, slice.size, [&](const RowSource& source, std::int64_t y) {
        for (std::int64_t c = 0; c < slice.channels; ++c)
            source.cubic(slice.plane(c), shown.plane(c) + y * shown.size.width);
    });
}

void ViewSums::start(const Size3& slice, std::int64_t classes) {
    size_ = slice;
    views_ = 0;
    sums_.assign(classes * slice.elements(), 0);
}

void ViewSums::add(Context& context, const View& view, const Image& values) {
    ++views_;
    for_rows(context, inverse(view), size_, values.size,
             [&](const RowSource& source, std::int64_t y) {
                 std::vector<float> row(size_.width);
                 for (std::int64_t k = 0; k < values.channels; ++k) {
                     source.linear(values.plane(k), 0, size_.width, row.data());
                     Sum* sums = sums_.data() + (k * size_.height + y) * size_.width;
                     for (std::size_t i = 0; i < row.size(); ++i)
                         sums[i] += static_cast<Sum>(static_cast<double>(row[i]) * unit);
                 }
             });
}

void ViewSums::mean(std::span<float> probabilities) const {
    const double whole = unit * static_cast<double>(views_);
    for (std::size_t i = 0; i < sums_.size(); ++i)
        probabilities[i] = static_cast<float>(static_cast<double>(sums_[i]) / whole);
}

}  // namespace unet::predict
