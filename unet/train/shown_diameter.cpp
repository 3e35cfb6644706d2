#include "unet/train/shown_diameter.h"

#include <algorithm>
#include <charconv>

#include "unet/core/error.h"
#include "unet/data/common_size.h"
#include "unet/nn/network.h"

namespace unet {

double parse_diameter(const std::string& text) {
    if (text == "off") return 0.0;
    if (text == "auto") return -1.0;
    constexpr double least = 2.0, most = 1000.0;
    double diameter = 0.0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, diameter);
    if (error != std::errc() || rest != end || !(diameter >= least && diameter <= most))
        fail_setting("diameter", ErrorCode::invalid_argument,
                     "`diameter`: found '{}', expected auto, off, or a number of pixels from {} to "
                     "{}",
                     text, least, most);
    return diameter;
}

double shown_diameter(Context& context, const Dataset& set, const Recipe& recipe,
                      const Notice& notice) {
    const double asked = parse_diameter(recipe.sampling.diameter);
    if (asked == 0.0 || set.meaning.kind != LabelKind::instances) return 0.0;
    const bool pixels_tell =
        std::all_of(set.samples.begin(), set.samples.end(),
                    [](const Sample& sample) { return sample.image.spacing.known(); });
    if (asked < 0.0 && pixels_tell) return 0.0;
    if (!set.in_memory()) {
        if (notice)
            notice(
                "objects: images stay on their files, so they are not brought to one size of "
                "objects (`diameter`)");
        return 0.0;
    }
    if (asked > 0.0) return asked;
    // An output pixel should see its object, and as much again around it.
    const auto seen = static_cast<double>(nn::receptive_field_of(recipe.network).height);
    return std::min(median_object_diameter(context, set), seen / 2.0);
}

double show_alike(Context& context, Dataset& set, const Recipe& recipe, const Notice& notice) {
    const double diameter = shown_diameter(context, set, recipe, notice);
    if (diameter == 0.0) return diameter;
    const std::int64_t resized = bring_to_common_size(context, set, diameter);
    if (notice && resized > 0)
        notice(
            fmt::format("{} of {} images are resized, so that the median object of each is {:.1f} "
                        "pixels wide (`diameter`)",
                        resized, set.samples.size(), diameter));
    return diameter;
}

}  // namespace unet
