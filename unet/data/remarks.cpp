#include "unet/data/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "unet/data/sample_reader.h"
#include "unet/pixels/scaling.h"

namespace unet {
namespace {

constexpr std::pair<LabelStorage, const char*> storages[] = {
    {LabelStorage::floats, "hold floats; all are whole numbers and taken as they are"},
    {LabelStorage::colour_table,
     "have a colour table: the stored indices are the labels, the colours do not count"},
    {LabelStorage::white_is_zero,
     "show 0 as white (an inverting table): the stored values are the labels, as in other files"},
    {LabelStorage::equal_colours, "are RGB with red = green = blue, read as that one value"},
};

/// "2 of 7 (a, b)"; empty if `holds` is true of none.
template <class Predicate>
std::string some_of(const std::vector<Sample>& samples, Predicate holds) {
    constexpr std::size_t most_named = 3;
    std::size_t count = 0;
    std::string names;
    for (const Sample& sample : samples)
        if (holds(sample) && ++count <= most_named)
            names += fmt::format("{}{}", names.empty() ? "" : ", ", sample.name);
    if (count == 0) return {};
    return fmt::format("{} of {} ({}{})", count, samples.size(), names,
                       count > most_named ? ", ..." : "");
}

using NotesOf = const std::vector<std::string>& (*)(const Sample&);
const std::vector<std::string>& notes_of_image(const Sample& sample) { return sample.image.notes; }
const std::vector<std::string>& notes_of_labels(const Sample& sample) {
    return sample.labels.notes;
}

/// All of them, each once.
std::vector<std::string> notes_in(const Dataset& set, NotesOf notes_of) {
    std::vector<std::string> all;
    for (const Sample& sample : set.samples)
        for (const std::string& note : notes_of(sample))
            if (std::find(all.begin(), all.end(), note) == all.end()) all.push_back(note);
    return all;
}

/// Whether `holds` is true of all values that `read` gives, `channels` of them for each pixel.
template <class Value, class Predicate>
bool holds_everywhere(const Sample& sample, std::int64_t channels,
                      void (SampleReader::*read)(const Region&, std::span<Value>),
                      Predicate holds) {
    SampleReader reader(sample);
    std::vector<Value> values;
    bool all = true;
    for_each_band(reader.size(), channels, band_values, [&](const Region& band) {
        if (!all) return;
        values.resize(channels * band.size.elements());
        (reader.*read)(band, values);
        all = std::all_of(values.begin(), values.end(), holds);
    });
    return all;
}

}  // namespace

std::vector<std::string> remarks_on(const Dataset& set) {
    std::vector<std::string> remarks;
    for (const auto& [files, notes_of] :
         {std::pair{"images", &notes_of_image}, {"label files", &notes_of_labels}})
        for (const std::string& note : notes_in(set, notes_of)) {
            const auto which = some_of(set.samples, [&, of = notes_of](const Sample& sample) {
                const auto& notes = of(sample);
                return std::find(notes.begin(), notes.end(), note) != notes.end();
            });
            remarks.push_back(fmt::format("{}: {}: {}", files, which, note));
        }
    for (const auto& [storage, words] : storages) {
        const auto which = some_of(set.samples, [wanted = storage](const Sample& sample) {
            return sample.labels.storage == wanted;
        });
        if (!which.empty()) remarks.push_back(fmt::format("label files: {} {}", which, words));
    }
    const auto empty = some_of(set.samples, [&](const Sample& sample) {
        return holds_everywhere<std::uint32_t>(
            sample, 1, &SampleReader::read_labels, [&](std::uint32_t value) {
                return value == set.meaning.values[0] || set.meaning.is_ignored(value);
            });
    });
    if (!empty.empty()) remarks.push_back(fmt::format("label files: {} hold no object", empty));
    const auto constant = some_of(set.samples, [](const Sample& sample) {
        std::optional<float> first;
        return holds_everywhere<float>(sample, sample.image.channels, &SampleReader::read,
                                       [&](float value) {
                                           if (!first) first = value;
                                           return value == *first;
                                       });
    });
    if (!constant.empty())
        remarks.push_back(fmt::format(
            "warning: images: {} hold one value everywhere, nothing can be learnt from them",
            constant));
    return remarks;
}

}  // namespace unet
