#include "unet/data/dataset.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "unet/core/error.h"
#include "unet/core/fingerprint.h"
#include "unet/data/remarks.h"
#include "unet/image/colour.h"
#include "unet/image/normalise.h"
#include "unet/image/read.h"

namespace unet {
namespace {

Sample read_sample(const Pair& pair, const ReadOptions& options) {
    Sample sample{pair.name, pair.group, read_image(pair.image, options),
                  read_labels(pair.label, options), pair.part};
    if (sample.image.size != sample.labels.size)
        fail(ErrorCode::shape_mismatch,
             "{} has {} pixels, its label map {} has {}; expected the same size",
             pair.image.string(), to_string(sample.image.size), pair.label.string(),
             to_string(sample.labels.size));
    check_finite(sample.image, pair.image.string());
    return sample;
}

/// Reads all pairs; of several bad files the first by name is reported, whatever thread met it.
std::vector<Sample> read_samples(Context& context, const std::vector<Pair>& pairs,
                                 const ReadOptions& options) {
    std::vector<Sample> samples(pairs.size());
    std::vector<std::exception_ptr> errors(pairs.size());
    parallel_for(context, static_cast<std::int64_t>(pairs.size()), [&](std::int64_t i, int) {
        const auto at = static_cast<std::size_t>(i);
        try {
            samples[at] = read_sample(pairs[at], options);
        } catch (...) {
            errors[at] = std::current_exception();
        }
    });
    for (const std::exception_ptr& error : errors)
        if (error) std::rethrow_exception(error);
    return samples;
}

void unify_colours(Dataset& set, const std::vector<Pair>& pairs, bool grey, const Notice& notice) {
    std::size_t colour = 0;
    for (const Sample& sample : set.samples) colour += sample.image.rgb ? 1 : 0;
    const std::size_t all = set.samples.size();
    set.mixed = colour > 0 && colour < all;
    set.rgb = colour > 0 && !grey;
    for (std::size_t i = 0; i < all; ++i) {
        const Image &first = set.samples[0].image, &image = set.samples[i].image;
        const auto of = [](const Image& each) { return each.rgb ? 1 : each.channels; };
        if (image.rgb != first.rgb
                ? (image.channels != 1 && !image.rgb) || (first.channels != 1 && !first.rgb)
                : of(image) != of(first))
            fail(ErrorCode::shape_mismatch,
                 "{} has {} channel(s), {} has {}; expected the same in all images",
                 pairs[0].image.string(), first.channels, pairs[i].image.string(), image.channels);
    }
    if (grey)
        for (Sample& sample : set.samples)
            if (sample.image.rgb) sample.image = to_grey(sample.image);
    set.channels = set.rgb ? 3 : set.samples[0].image.channels;
    if (set.mixed && notice)
        notice(fmt::format("{} grey and {} colour images: all become {}", all - colour, colour,
                           grey ? "grey" : "colour; --grey makes all grey"));
}

}  // namespace

Fields fields_of(DatasetOptions& o) {
    Fields fields = {
        choice("labels",
               "what label values mean: numbered objects, classes, or 0 and 255; detected where it "
               "is clear",
               o.label_kind,
               {{"detect", LabelsChoice::detect},
                {"instances", LabelsChoice::instances},
                {"classes", LabelsChoice::classes},
                {"binary", LabelsChoice::binary}}),
        {"ignore", "label value of pixels that take no part; -1: none", &o.ignore, -1,
         4294967295.0},
        {"grey", "turn colour images to grey", &o.grey},
        {"labelled_only", "leave out images without a label, instead of stopping",
         &o.labelled_only},
    };
    const Fields reading = fields_of(o.stacks);
    fields.insert(fields.begin() + 2, reading.begin(), reading.end());
    return fields;
}

std::int64_t Dataset::bytes() const {
    std::size_t bytes = 0;
    for (const Sample& sample : samples)
        bytes += sample.image.values.size() * sizeof(float) +
                 sample.labels.values.size() * sizeof(std::uint32_t);
    return static_cast<std::int64_t>(bytes);
}

std::int64_t Dataset::slices() const {
    std::int64_t slices = 0;
    for (const Sample& sample : samples) slices += sample.image.size.depth;
    return slices;
}

std::string Dataset::fingerprint(Context& context) const {
    std::vector<std::uint64_t> of_samples(samples.size());
    parallel_for(context, std::ssize(samples), [&](std::int64_t i, int) {
        const Sample& sample = samples[static_cast<std::size_t>(i)];
        Fingerprint print;
        print.add(sample.name);
        for (const std::int64_t edge : {sample.image.size.depth, sample.image.size.height,
                                        sample.image.size.width, sample.image.channels})
            print.add(static_cast<std::uint64_t>(edge));
        print.add(std::span<const float>(sample.image.values));
        print.add(std::span<const std::uint32_t>(sample.labels.values));
        of_samples[static_cast<std::size_t>(i)] = print.value();
    });
    Fingerprint all;
    for (const std::uint64_t each : of_samples) all.add(each);
    return all.text();
}

Dataset read_dataset(Context& context, const DatasetOptions& options, const Notice& notice) {
    const ReadOptions reading = read_options_of(options.stacks);
    const std::vector<Pair> pairs =
        find_pairs(options.images, options.labels, options.labelled_only, notice);
    Dataset set;
    set.name = options.images.string();
    set.samples = read_samples(context, pairs, reading);
    unify_colours(set, pairs, options.grey, notice);

    std::optional<std::uint32_t> ignore;
    if (options.ignore >= 0) ignore = static_cast<std::uint32_t>(options.ignore);
    std::vector<const LabelMap*> maps;
    for (const Sample& sample : set.samples) maps.push_back(&sample.labels);
    const LabelSurvey survey = survey_labels(context, maps, ignore);
    if (ignore && survey.values.count(*ignore) == 0 && notice)
        notice(
            fmt::format("{}: no label has the value {} that is to be ignored", set.name, *ignore));
    set.meaning = meaning_of(survey, options.label_kind, ignore,
                             options.labels.empty() ? set.name : options.labels.string());
    if (notice)
        for (const std::string& remark : remarks_on(set)) notice(remark);
    return set;
}

}  // namespace unet
