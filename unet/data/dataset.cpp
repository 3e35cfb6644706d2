#include "unet/data/dataset.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/fingerprint.h"
#include "unet/data/comparing/label_files.h"
#include "unet/data/comparing/overlay.h"
#include "unet/data/remarks.h"
#include "unet/data/sample_reader.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
#include "unet/pixels/colour.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/scaling.h"

namespace unet {
namespace {

void check_sizes(const Pair& pair, const Sample& sample) {
    if (sample.image.size == sample.labels.size) return;
    std::string notes;
    for (const auto& [file, of_file] :
         {std::pair{pair.image, sample.image.notes}, std::pair{pair.label, sample.labels.notes}})
        for (const std::string& note : of_file)
            notes += fmt::format("; {}: {}", file.filename().string(), note);
    fail(ErrorCode::shape_mismatch,
         "{} has {} pixels, its label map {} has {}; expected the same size{}", pair.image.string(),
         to_string(sample.image.size), pair.label.string(), to_string(sample.labels.size), notes);
}

Sample read_sample(const Pair& pair, const ReadOptions& options) {
    ReadOptions of_labels = options;
    of_labels.turn = pair.label_turn;
    Sample sample{.name = pair.name,
                  .group = pair.group,
                  .image = read_image(pair.image, options),
                  .labels = read_labels(pair.label, of_labels),
                  .part = pair.part};
    check_sizes(pair, sample);
    check_finite(sample.image, pair.image.string());
    return sample;
}

/// The bands of a sample's image that hold a value which is not finite, as check_finite tells.
void check_finite_bands(const Sample& sample, int threads) {
    if (sample.image.type != SampleType::f32) return;
    SampleReader reader(sample, threads);
    Image part;
    part.channels = reader.channels();
    for_each_band(reader.size(), reader.channels(), band_values, [&](const Region& band) {
        part.size = band.size;
        part.values.resize(part.channels * band.size.elements());
        reader.read(band, part.values);
        check_finite(part, fmt::format("{} from slice {}, row {} on", sample.files->image.string(),
                                       band.z, band.y));
    });
}

/// The samples of pairs that stay on their files.
std::vector<Sample> describe_samples(Context& context, const std::vector<Pair>& pairs,
                                     const ReadOptions& options) {
    std::vector<Sample> samples;
    for (const Pair& pair : pairs) {
        samples.push_back(described(pair, options, context.threads()));
        check_sizes(pair, samples.back());
        check_finite_bands(samples.back(), context.threads());
    }
    return samples;
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

void turn_grey(Sample& sample) {
    if (!sample.image.rgb) return;
    if (sample.in_memory()) {
        sample.image = to_grey(sample.image);
        return;
    }
    auto files = std::make_shared<SampleFiles>(*sample.files);
    files->grey = true;
    sample.files = std::move(files);
    sample.image.channels = 1;
    sample.image.rgb = false;
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
        for (Sample& sample : set.samples) turn_grey(sample);
    set.channels = set.rgb ? 3 : set.samples[0].image.channels;
    if (set.mixed && notice)
        notice(fmt::format("{} grey and {} colour images: all become {}", all - colour, colour,
                           grey ? "grey" : "colour; `grey` makes all grey"));
}

}  // namespace

Fields fields_of(DatasetOptions& o) {
    Fields fields = {
        labels_field(
            "labels",
            "what label values mean: numbered objects, classes, or 0 and 255; detected where it "
            "is clear",
            o.label_kind),
        {"ignore", "label value of pixels that take no part; -1: none", &o.ignore, -1,
         4294967295.0},
        {"grey", "turn colour images to grey", &o.grey},
        {"labelled_only", "leave out images without a label, instead of stopping",
         &o.labelled_only},
        by_pixels_field(o.stacks.by_pixels),
    };
    const Fields reading = fields_of(o.stacks);
    fields.insert(fields.begin() + 2, reading.begin(), reading.end());
    return fields;
}

bool Dataset::in_memory() const noexcept {
    return std::all_of(samples.begin(), samples.end(),
                       [](const Sample& sample) { return sample.in_memory(); });
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
    for_each_sample(context, *this, [&](std::size_t i, int threads) {
        const Sample& sample = samples[i];
        Fingerprint print;
        print.add(sample.name);
        for (const std::int64_t edge : {sample.image.size.depth, sample.image.size.height,
                                        sample.image.size.width, sample.image.channels})
            print.add(static_cast<std::uint64_t>(edge));
        SampleReader reader(sample, threads);
        std::vector<float> values;
        std::vector<std::uint32_t> labels;
        // Row by row, so that it is the same however many are read at a time.
        for_each_band(reader.size(), reader.channels(), band_values, [&](const Region& band) {
            const auto pixels = static_cast<std::size_t>(band.size.elements());
            const auto width = static_cast<std::size_t>(band.size.width);
            values.resize(static_cast<std::size_t>(reader.channels()) * pixels);
            labels.resize(pixels);
            reader.read(band, values);
            reader.read_labels(band, labels);
            for (std::size_t row = 0; row < pixels; row += width) {
                for (std::size_t at = row; at < values.size(); at += pixels)
                    print.add(std::span<const float>(values).subspan(at, width));
                print.add(std::span<const std::uint32_t>(labels).subspan(row, width));
            }
        });
        of_samples[i] = print.value();
    });
    Fingerprint all;
    for (const std::uint64_t each : of_samples) all.add(each);
    return all.text();
}

std::int64_t training_bytes(const DatasetOptions& options) {
    std::int64_t bytes = 0;
    for (const Pair& pair : find_pairs(options.images, options.labels, options.labelled_only, {})) {
        const ImageInfo info = read_image_info(pair.image, read_series(options.stacks.series));
        // Values and label while it is read, then values, label, target and weight.
        bytes += info.size.elements() * (4 * info.channels + 4 + 1 + 4);
    }
    return bytes;
}

void for_each_sample(Context& context, const Dataset& set,
                     const std::function<void(std::size_t, int)>& visit) {
    if (set.in_memory())
        parallel_for(context, std::ssize(set.samples),
                     [&](std::int64_t i, int) { visit(static_cast<std::size_t>(i), 1); });
    else
        for (std::size_t i = 0; i < set.samples.size(); ++i) visit(i, context.threads());
}

Dataset read_dataset(Context& context, const DatasetOptions& options, const Notice& notice) {
    const ReadOptions reading = read_options_of(options.stacks);
    std::vector<Pair> pairs =
        find_pairs(options.images, options.labels, options.labelled_only, notice);
    Overlay overlay(reading);
    for (Pair& pair : pairs) pair.label_turn = overlay.place(pair.image, pair.label).turn;
    if (notice)
        for (const std::string& note : overlay.notes()) notice(note);
    Dataset set;
    set.name = options.images.string();
    set.samples = options.on_files ? describe_samples(context, pairs, reading)
                                   : read_samples(context, pairs, reading);
    unify_colours(set, pairs, options.grey, notice);

    std::optional<std::uint32_t> ignore;
    if (options.ignore >= 0) ignore = static_cast<std::uint32_t>(options.ignore);
    const SlicesOfSamples slices = slices_of(context, set, ignore);
    const LabelSurvey survey = survey_of(slices, ignore);
    if (ignore && survey.values.count(*ignore) == 0 && notice)
        notice(
            fmt::format("{}: no label has the value {} that is to be ignored", set.name, *ignore));
    const std::string where = options.labels.empty() ? set.name : options.labels.string();
    set.meaning = meaning_of(survey, options.label_kind, ignore, where);
    check_labels(slices, set.meaning, pairs, where, notice);
    if (notice)
        for (const std::string& remark : remarks_on(set)) notice(remark);
    return set;
}

}  // namespace unet
