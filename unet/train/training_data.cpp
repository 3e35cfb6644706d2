#include "unet/train/training_data.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/fingerprint.h"
#include "unet/core/system/memory.h"
#include "unet/data/common_size.h"
#include "unet/data/sample_reader.h"
#include "unet/data/split.h"
#include "unet/data/training_blocks.h"
#include "unet/nn/network.h"
#include "unet/pixels/levels.h"
#include "unet/pixels/palette.h"
#include "unet/train/shown_diameter.h"
#include "unet/train/validation_images.h"

namespace unet {
namespace {

// Objects narrower than this many pixels are hardly more than their border.
constexpr double smallest_object = 4.0;

/// A class that covers less of the pixels is rare: the network sees it too seldom to learn it in
/// minutes unless most patches are centred on it (docs/why-it-failed.md has the figures).
constexpr double rare_share = 0.02, share_if_rare = 0.6, usual_share = 0.333;

LabelsChoice choice_of(LabelKind kind) {
    return kind == LabelKind::instances ? LabelsChoice::instances
           : kind == LabelKind::classes ? LabelsChoice::classes
                                        : LabelsChoice::binary;
}

DatasetOptions validation_reading_of(const TrainOptions& options) {
    DatasetOptions reading = options.reading;
    reading.images = options.val;
    // These pick from the stacks of `data`.
    reading.stacks.pages.clear();
    reading.stacks.z.clear();
    reading.stacks.t.clear();
    return reading;
}

/// The validation data, read as the training data are: labels mean there what they mean here.
Dataset read_validation(Context& context, const TrainOptions& options, const Dataset& training,
                        const Notice& notice, bool on_files) {
    DatasetOptions reading = validation_reading_of(options);
    reading.label_kind = choice_of(training.meaning.kind);
    reading.on_files = on_files;
    Dataset set = read_dataset(context, reading, notice);
    if (set.channels != training.channels && set.channels != 1 && set.channels != 3)
        fail(ErrorCode::invalid_argument,
             "'{}' has images of {} channels, expected {} as in the training data '{}'", set.name,
             set.channels, training.channels, training.name);
    set.meaning = training.meaning;
    return set;
}

/// Of a few files none is given away whole: a fifth of each validates instead.
Split divide_for(const Dataset& set, const TrainOptions& options) {
    constexpr std::size_t few = 8;
    const SplitOptions by_group{.fraction = options.val_fraction,
                                .gap = nn::receptive_field_of(options.recipe.network).height,
                                .seed = static_cast<std::uint64_t>(options.seed)};
    const bool listed =
        std::any_of(set.samples.begin(), set.samples.end(),
                    [](const Sample& sample) { return sample.part == Part::validation; });
    if (listed || set.samples.size() == 1 || set.samples.size() >= few) return split(set, by_group);
    return split_images(set, by_group.gap);
}

/// Pixel size of all images; unknown where they differ by more than a network can make up for.
Spacing spacing_of(const Dataset& set, const Notice& notice) {
    constexpr double most_factor = 1.5;
    const auto edge = [](const Spacing& spacing) {
        return spacing.size[2] * metres_per_unit(spacing.unit);
    };
    const Sample *least = nullptr, *most = nullptr;
    for (const Sample& sample : set.samples) {
        const Spacing& spacing = sample.image.spacing;
        if (!spacing.known() || edge(spacing) == 0.0) continue;
        if (!least || edge(spacing) < edge(least->image.spacing)) least = &sample;
        if (!most || edge(spacing) > edge(most->image.spacing)) most = &sample;
    }
    if (!least) return set.samples.front().image.spacing;
    const Spacing &small = least->image.spacing, &large = most->image.spacing;
    if (edge(large) <= most_factor * edge(small)) return small;
    if (notice)
        notice(fmt::format(
            "warning: pixels are {:.3g} {} wide in {}, {:.3g} {} in {}; bring the "
            "images to one pixel size, or objects have as many sizes",
            small.size[2], small.unit, least->name, large.size[2], large.unit, most->name));
    return {};
}

Intensities intensities_of(Context& context, const Dataset& set,
                           const Normalisation& normalisation) {
    std::vector<std::vector<Levels>> levels(set.samples.size());
    std::vector<Scaling> scalings(set.samples.size());
    for_each_sample(context, set, [&](std::size_t i, int threads) {
        levels[i] = levels_of(set.samples[i], threads);
        scalings[i] = scaling_of(set.samples[i], normalisation, threads);
    });
    Intensities seen;
    for (std::size_t i = 0; i < levels.size(); ++i)
        add_image(seen, levels[i], scalings[i], set.samples[i].image.type);
    return seen;
}

ModelInfo describe(Context& context, const Dataset& training, const Normalisation& normalisation,
                   const TargetOptions& targets) {
    ModelInfo info;
    info.labels = training.meaning.kind;
    info.label_values = training.meaning.values;
    info.label_evidence = training.meaning.evidence;
    for (std::int64_t c = 0; c < training.meaning.classes(); ++c) {
        const bool only = training.meaning.classes() == 2;
        const auto value = info.label_values[c];
        info.class_names.push_back(
            c == 0 ? "background"
            : only ? (info.labels == LabelKind::instances ? "object" : "foreground")
                   : fmt::format("class {}", value));
        info.class_colours.push_back(label_colour(static_cast<std::uint32_t>(c)));
    }
    if (target_classes(training.meaning, targets) > training.meaning.classes()) {
        info.boundary = targets.boundary;
        info.class_names.back() = "interior";
        info.class_names.emplace_back("boundary");
        info.class_colours.push_back(
            label_colour(static_cast<std::uint32_t>(info.label_values.size())));
        info.label_values.push_back(info.label_values.back() + 1);
    }
    info.normalisation = normalisation;
    info.rgb = training.rgb;
    if (info.labels == LabelKind::instances)
        info.object_size = median_object_diameter(context, training);
    info.provenance = "unet.cpp";
    return info;
}

void tell(const TrainingData& data, const Dataset& training, const UNetOptions& network,
          const Notice& notice) {
    if (!notice) return;
    const char* channels = training.rgb ? "red, green, blue" : training.channels == 1 ? "grey" : "";
    notice(fmt::format(
        "data: {} ({} images, {} slices, {}), {} for validation", training.name,
        training.samples.size(), training.slices(),
        *channels ? std::string(channels) : fmt::format("{} channels", training.channels),
        data.validation.samples.size()));
    notice(fmt::format("labels: {} ({})", to_string(data.info.labels), training.meaning.evidence));
    const double clip = data.info.normalisation.clip;
    notice(fmt::format(
        "intensities: {}{}",
        data.other
            ? fmt::format("'{}'; '{}' instead, if validation prefers it",
                          to_string(data.info.normalisation), to_string(data.other->normalisation))
            : to_string(data.info.normalisation),
        clip > 0.0 ? fmt::format("; limited to {:g} .. {:g}", -clip, 1.0 + clip) : ""));
    if (data.info.object_size > 0.0)
        notice(fmt::format("objects: median diameter {:.1f} pixels", data.info.object_size));
    // An output pixel that does not see the whole of its object cannot know which it is.
    const auto seen = static_cast<double>(nn::receptive_field_of(network).height);
    if (data.info.object_size > seen)
        notice(fmt::format(
            "warning: the median object is {:.0f} pixels wide, the network sees {:.0f}; "
            "give it more `levels`, or make the images smaller",
            data.info.object_size, seen));
    if (data.info.object_size > 0.0 && data.info.object_size < smallest_object)
        notice(
            fmt::format("warning: the median object is {:.1f} pixels wide; below {} pixels, "
                        "borders are hard to learn: enlarge the images",
                        data.info.object_size, smallest_object));
}

/// How many of the patches are centred on a pixel of a class.
double foreground_for(const TrainingSet& set, const SamplingOptions& sampling,
                      const Notice& notice) {
    if (sampling.foreground >= 0.0) return sampling.foreground;
    double least = 1.0, all = 0.0;
    for (const std::int64_t pixels : set.class_pixels()) all += static_cast<double>(pixels);
    for (const std::int64_t pixels : set.class_pixels())
        if (pixels > 0) least = std::min(least, static_cast<double>(pixels) / all);
    if (least >= rare_share) return usual_share;
    if (notice)
        notice(
            fmt::format("rare: a class covers {:.2g} % of the pixels; {:.0f} % of the patches "
                        "are centred on a class drawn evenly (`foreground`)",
                        100.0 * least, 100.0 * share_if_rare));
    return share_if_rare;
}

/// Of files a band of decoded rows is in memory, of some formats all of them.
void check_reading(const Context& context, const Dataset& set, const TargetOptions& targets,
                   const DataLimits& limits) {
    if (set.in_memory()) return;
    // As if classes were balanced: the margin depends on their weights by a pixel or two.
    const std::vector<double> even(set.meaning.classes(), 1.0);
    const std::int64_t margin = weight_margin(set.meaning, targets, even);
    for (const Sample& sample : set.samples) {
        const std::int64_t needed = training_block_bytes(context, sample, margin);
        if (needed > limits.reading_bytes)
            fail(ErrorCode::memory,
                 "{}: reading it takes {} MB, {} MB are left; of files in tiles (OME-TIFF, "
                 "OME-Zarr) a row of them is decoded at a time, of PNG, JPEG and packed NIfTI the "
                 "whole image",
                 sample.files->image.string(), (needed + 999'999) / 1'000'000,
                 std::max<std::int64_t>(limits.reading_bytes, 0) / 1'000'000);
    }
}

}  // namespace

DatasetOptions reading_of(const TrainOptions& options) {
    DatasetOptions reading = options.reading;
    reading.images = options.data;
    reading.labels = options.label_files;
    return reading;
}

std::int64_t training_bytes(const TrainOptions& options) {
    try {
        return training_bytes(reading_of(options)) +
               (options.val.empty() ? 0 : training_bytes(validation_reading_of(options)));
    } catch (const Error&) {
        return 0;
    }
}

bool exceeds_memory(const TrainOptions& options) {
    return training_bytes(options) > system::available_memory() / 2;
}

DividedData read_divided_data(Context& context, const TrainOptions& options, const Notice& notice,
                              bool on_files) {
    DatasetOptions reading = reading_of(options);
    reading.on_files = on_files;
    DividedData data{read_dataset(context, reading, notice), {}};
    const double diameter = show_alike(context, data.training, options.recipe, notice);
    if (!options.val.empty()) {
        data.validation = read_validation(context, options, data.training, notice, on_files);
        if (diameter > 0.0) bring_to_common_size(context, data.validation, diameter);
    } else if (options.val_fraction > 0.0) {
        const Split parts = divide_for(data.training, options);
        if (notice) notice(parts.what);
        std::tie(data.training, data.validation) = divide(std::move(data.training), parts);
    }
    return data;
}

TrainingData read_training_data(Context& context, const TrainOptions& options, const Notice& notice,
                                const DataLimits& limits) {
    TrainingData data;
    DividedData divided = read_divided_data(context, options, notice, limits.on_files);
    Dataset training = std::move(divided.training);
    check_reading(context, training, options.recipe.loss.targets, limits);
    data.name = training.name;
    Fingerprint both;
    both.add(training.fingerprint(context));
    both.add(divided.validation.fingerprint(context));
    data.fingerprint = both.text();
    data.validation = validation_images(context, std::move(divided.validation),
                                        static_cast<std::uint64_t>(options.seed));
    const Normalisation rule = options.normalise.empty()
                                   ? default_normalisation(training)
                                   : parse_normalisation(options.normalise, "`normalise`");
    Normalisation normalisation = completed(rule, training);
    const Intensities intensities = intensities_of(context, training, normalisation);
    const auto clip = [&](const Intensities& seen) {
        return options.clip.empty() ? suiting_clip(seen) : parse_clip(options.clip, "`clip`");
    };
    normalisation.clip = clip(intensities);
    data.info = describe(context, training, normalisation, options.recipe.loss.targets);
    data.info.spacing = spacing_of(training, notice);
    data.info.intensities = intensities;
    std::optional<Normalisation> other;
    if (options.normalise.empty() && !data.validation.samples.empty())
        other = other_normalisation(training);
    if (other) {
        other = completed(*other, training);
        data.other = data.info;
        data.other->intensities = intensities_of(context, training, *other);
        other->clip = clip(data.other->intensities);
        data.other->normalisation = *other;
    }
    data.training_images = static_cast<std::int64_t>(training.samples.size());
    tell(data, training, options.recipe.network, notice);
    data.set = std::make_unique<TrainingSet>(context, std::move(training), normalisation,
                                             options.recipe.loss.targets, limits.folder,
                                             options.recipe.sampling.kind_balance);
    if (notice && data.set->kinds() > 1)
        notice(
            fmt::format("{} kinds of images, of which rare ones are drawn more often "
                        "(`kind_balance`)",
                        data.set->kinds()));
    data.foreground = foreground_for(*data.set, options.recipe.sampling, notice);
    return data;
}

}  // namespace unet
