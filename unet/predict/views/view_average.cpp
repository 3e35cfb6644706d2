#include "unet/predict/views/view_average.h"

namespace unet::predict {

void ViewAverage::prepare(const Size3& slice, std::int64_t channels, std::int64_t classes,
                          std::int64_t largest_view) {
    classes_ = classes;
    largest_view_ = largest_view;
    slice_.size = slice;
    slice_.channels = channels;
    slice_.values.resize(channels * slice.elements());
    shown_.values.reserve(channels * largest_view);
    probabilities_.values.reserve(classes * largest_view);
}

std::span<float> ViewAverage::room(std::int64_t values) {
    probabilities_.values.resize(classes_ * largest_view_);
    return std::span(probabilities_.values).first(values);
}

void ViewAverage::mean(Context& context, RegionSource& source, const Region& region,
                       const PredictView& predict) {
    source.read(region, slice_.values);
    sums_.start(region.size, classes_);
    for (std::size_t v = 0; v < views_.size(); ++v) {
        show(context, views_[v], slice_, shown_);
        ImageSource view_source(shown_);
        ImageSink view_sink(probabilities_, classes_, shown_.size);
        predict(v, view_source, view_sink);
        sums_.add(context, views_[v], probabilities_);
    }
    sums_.mean(room(classes_ * region.size.elements()));
}

}  // namespace unet::predict
