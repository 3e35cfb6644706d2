#include "unet/data/comparing/label_files.h"

#include <iterator>
#include <set>

#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/mask_coding.h"
#include "unet/data/sample_reader.h"
#include "unet/pixels/scaling.h"

namespace unet {

SlicesOfSamples slices_of(Context& context, const Dataset& set,
                          std::optional<std::uint32_t> ignore) {
    SlicesOfSamples of_samples(set.samples.size());
    for_each_sample(context, set, [&](std::size_t i, int threads) {
        SampleReader reader(set.samples[i], threads);
        SliceSurveyor surveyor(ignore);
        std::vector<std::uint32_t> labels;
        for_each_band(reader.size(), 1, band_values, [&](const Region& band) {
            labels.resize(band.size.elements());
            reader.read_labels(band, labels);
            const auto width = static_cast<std::size_t>(band.size.width);
            for (std::size_t row = 0; row < labels.size(); row += width)
                surveyor.add(std::span<const std::uint32_t>(labels).subspan(row, width));
            if (band.y + band.size.height == reader.size().height)
                of_samples[i].push_back(surveyor.take());
        });
    });
    return of_samples;
}

LabelSurvey survey_of(SlicesOfSamples of_samples, std::optional<std::uint32_t> ignore) {
    std::vector<SliceValues> slices;
    for (auto& of_sample : of_samples)
        slices.insert(slices.end(), std::make_move_iterator(of_sample.begin()),
                      std::make_move_iterator(of_sample.end()));
    return unet::survey_of(slices, ignore);
}

void check_labels(const SlicesOfSamples& of_samples, const LabelMeaning& meaning,
                  const std::vector<Pair>& pairs, const std::string& where, const Notice& notice) {
    constexpr std::size_t enough = 9;  // to tell masks from other maps, and to be listed
    std::vector<FileValues> files;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::string file = pairs[i].label.string();
        if (meaning.kind == LabelKind::instances) check_not_scattered(of_samples[i], file);
        std::set<std::uint32_t> values;
        for (const SliceValues& slice : of_samples[i])
            for (const auto& [value, pixels] : slice.pixels)
                if (!meaning.is_ignored(value) && (value == 0 || values.size() < enough))
                    values.insert(value);
        files.push_back({file, {values.begin(), values.end()}});
    }
    if (const std::string note = check_mask_coding(files, meaning.kind, where);
        notice && !note.empty())
        notice("warning: " + note);
}

}  // namespace unet
