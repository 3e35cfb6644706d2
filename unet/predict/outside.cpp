#include "unet/predict/outside.h"

#include <fmt/format.h>

#include <algorithm>

namespace unet::predict {
namespace {

// Far enough that images of one kind stay inside (none of the 36 validation images of dsb2018 is
// outside of its 197 training images), near enough for a mistake of 8 against 12 or 16 bits.
constexpr double most_contrast_factor = 3.0;
constexpr double most_median_shift = 0.3;  // of the largest contrast; turning over shifts by 0.5 up
// Noise of a camera spans some hundredths of what it sees of objects; dim objects span more.
constexpr double least_stored_share = 0.25;
// The limit within which augmentation by scaling makes up for it.
constexpr double most_spacing_factor = 1.5;

bool beyond(double value, const Interval& seen, double factor) {
    return value < seen.least / factor || value > seen.most * factor;
}

std::string unlike_channel(const ChannelIntensities& trained, const Levels& levels,
                           const SeenLevels& seen, bool same_type, const std::string& rule) {
    if (levels.constant())
        return fmt::format("it holds the value {:g} everywhere, there is nothing to find",
                           levels.least);
    if (beyond(seen.contrast, trained.contrast, most_contrast_factor))
        return fmt::format(
            "its values span {:.3g} after normalisation ({}), those of the training images {:.3g} "
            "to {:.3g}: another bit depth or exposure, or almost empty? Say `normalise` LOW:HIGH "
            "with the values that should become 0 and 1, or train with such images too",
            seen.contrast, rule, trained.contrast.least, trained.contrast.most);
    const double stored = levels.high - levels.low;
    if (same_type && stored < trained.stored_contrast.least * least_stored_share)
        return fmt::format(
            "its values span {:g}, those of the training images {:g} to {:g}: almost empty? What "
            "is found in it may be noise; look at it (`overlay`), or train with such images too",
            stored, trained.stored_contrast.least, trained.stored_contrast.most);
    const double shift = most_median_shift * trained.contrast.most;
    if (seen.median < trained.median.least - shift || seen.median > trained.median.most + shift)
        return fmt::format(
            "its median is {:.2f} after normalisation ({}), those of the training images {:.2f} to "
            "{:.2f}: bright and dark the other way round, or another kind of image? Invert it, "
            "or train with such images too",
            seen.median, rule, trained.median.least, trained.median.most);
    return {};
}

/// Pixels of an image as no training image has them change what is found around them.
std::string far_beyond(const Levels& levels) {
    const double span = levels.high - levels.low;
    const double above = (levels.most - levels.high) / span,
                 below = (levels.low - levels.least) / span;
    if (!(span > 0.0) || std::max(above, below) <= far_beyond_ranges) return {};
    return fmt::format(
        "it holds {:g}, far beyond its other values (mostly {:g} to {:g}): hot pixels change what "
        "is found around them; `clip` {:g} limits them",
        above > below ? levels.most : levels.least, levels.low, levels.high, usual_clip);
}

/// So many pixels far beyond the others that percentiles of the image are theirs.
std::string flattened(const Levels& levels, const ValueRange& numbers) {
    const double span = levels.inside.high - levels.inside.low;
    const double above = (numbers.high - levels.inside.high) / span,
                 below = (levels.inside.low - numbers.low) / span;
    if (!(span > 0.0) || std::max(above, below) <= far_beyond_ranges) return {};
    return fmt::format(
        "many of its pixels hold {:g} or near that, far beyond the others (mostly {:g} to {:g}), "
        "which look flat beside them: a border, saturated spots? Crop them away or write the "
        "background's value there, or say `normalise` {:g}:{:g}",
        above > below ? levels.most : levels.least, levels.inside.low, levels.inside.high,
        levels.inside.low, levels.inside.high);
}

}  // namespace

std::string unlike_training(const Intensities& trained, const std::vector<Levels>& levels,
                            const Scaling& scaling, SampleType type, const Normalisation& rule) {
    if (trained.channels.size() != levels.size()) return {};
    const bool same_type = trained.type == type && type != SampleType::f32;
    for (std::size_t c = 0; c < levels.size(); ++c) {
        const std::string why =
            unlike_channel(trained.channels[c], levels[c], normalised(levels[c], scaling, c),
                           same_type, to_string(rule));
        if (!why.empty()) return levels.size() == 1 ? why : fmt::format("channel {}: {}", c, why);
    }
    return {};
}

std::string unlike_training(const Spacing& trained, const Spacing& image) {
    const double there = metres_of(trained), here = metres_of(image);
    if (there == 0.0 || here == 0.0) return {};
    const double factor = here / there;
    if (std::max(factor, 1.0 / factor) <= most_spacing_factor) return {};
    return fmt::format(
        "its pixels are {:.3g} {} wide, those of the training images {:.3g} {}: objects look "
        "{:.1f} "
        "times {} than those; `scale` {:.2f}, or train with such images too",
        image.size[2], image.unit, trained.size[2], trained.unit, std::max(factor, 1.0 / factor),
        factor > 1.0 ? "smaller" : "larger", factor);
}

std::vector<std::string> remarks_on(RegionSource& image, const Scaling& numbers,
                                    const Normalisation& rule, const ModelInfo& model,
                                    const Magnification& by, bool chosen, double diameter) {
    std::vector<std::string> remarks;
    const auto add = [&](const std::string& why) {
        if (!why.empty()) remarks.push_back("unlike the training images: " + why);
    };
    const Spacing here = image.spacing(), &there = model.spacing;
    if (by.none())
        add(unlike_training(there, here));
    else if (diameter > 0.0)
        remarks.push_back(fmt::format(
            "objects about {:.3g} pixels wide, where the model learned those of {:.3g}: shown to "
            "the network {:.3g} times as large (`diameter` off: as it is)",
            diameter, model.object_size, by.height));
    else if (chosen)
        remarks.push_back(fmt::format(
            "its pixels are {:.3g} x {:.3g} {}, those of the training images {:.3g} x {:.3g} {}: "
            "the network is shown it {:.3g} x {:.3g} times as large (`scale` 1: as it is)",
            here.size[1], here.size[2], here.unit, there.size[1], there.size[2], there.unit,
            by.height, by.width));
    if (model.intensities.channels.empty()) return remarks;
    const std::vector<Levels> levels = levels_of(image);
    add(unlike_training(model.intensities, levels, numbers, image.type(), rule));
    for (std::size_t c = 0; c < levels.size(); ++c) {
        const std::size_t entry = numbers.low.size() == 1 ? 0 : c;
        const std::string flat =
            rule.rule == NormaliseRule::image
                ? flattened(levels[c], {numbers.low[entry], numbers.high[entry]})
                : std::string();
        add(flat.empty() && numbers.clip == 0.0 ? far_beyond(levels[c]) : flat);
    }
    return remarks;
}

}  // namespace unet::predict
