#include "unet/evaluate/confusion.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

/// Mean of a class metric over foreground classes that have one.
template <class Metric>
std::optional<double> foreground_mean(const std::vector<ClassPixels>& classes, Metric metric) {
    double sum = 0.0;
    int count = 0;
    for (std::size_t i = 1; i < classes.size(); ++i) {
        const std::optional<double> value = metric(classes[i]);
        if (!value) continue;
        sum += *value;
        ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / count;
}

}  // namespace

std::optional<double> ClassPixels::iou() const { return ratio(both, truth + predicted - both); }
std::optional<double> ClassPixels::dice() const { return ratio(2 * both, truth + predicted); }

ClassPixels& Confusion::of_class(std::uint32_t index) {
    if (index > largest_class)
        fail(ErrorCode::invalid_argument,
             "comparing classes: a pixel holds {}, the largest class index is {}; a map of object "
             "ids is compared as instances",
             index, largest_class);
    if (index >= classes_.size()) classes_.resize(std::size_t{index} + 1);
    return classes_[index];
}

void Confusion::add(std::span<const std::uint32_t> predicted, std::span<const std::uint32_t> truth,
                    std::optional<std::uint32_t> ignore) {
    if (predicted.size() != truth.size())
        fail(ErrorCode::shape_mismatch,
             "comparing classes: {} predicted pixels, {} true ones; give two maps of one image",
             predicted.size(), truth.size());
    for (std::size_t i = 0; i < truth.size();) {
        const std::size_t begin = i++;
        while (i < truth.size() && truth[i] == truth[begin] && predicted[i] == predicted[begin])
            ++i;
        if (truth[begin] == ignore) continue;
        const auto run = static_cast<std::int64_t>(i - begin);
        pixels_ += run;
        of_class(truth[begin]).truth += run;
        of_class(predicted[begin]).predicted += run;
        if (truth[begin] == predicted[begin]) of_class(truth[begin]).both += run;
    }
}

Confusion& Confusion::operator+=(const Confusion& other) {
    classes_.resize(std::max(classes_.size(), other.classes_.size()));
    for (std::size_t i = 0; i < other.classes_.size(); ++i) {
        classes_[i].truth += other.classes_[i].truth;
        classes_[i].predicted += other.classes_[i].predicted;
        classes_[i].both += other.classes_[i].both;
    }
    pixels_ += other.pixels_;
    return *this;
}

std::optional<double> Confusion::pixel_error() const {
    std::int64_t right = 0;
    for (const ClassPixels& pixels : classes_) right += pixels.both;
    return ratio(pixels_ - right, pixels_);
}

std::optional<double> Confusion::iou() const {
    return foreground_mean(classes_, [](const ClassPixels& pixels) { return pixels.iou(); });
}
std::optional<double> Confusion::dice() const {
    return foreground_mean(classes_, [](const ClassPixels& pixels) { return pixels.dice(); });
}

}  // namespace unet
