#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/progress.h"
#include "unet/unet.h"
#include "verbs/info.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// "26 of 256x256, 14 of 360x360 pixels": how many images have which size, the frequent ones first.
std::string sizes_text(const Dataset& set) {
    std::map<std::string, int> counts;
    for (const Sample& sample : set.samples) ++counts[to_string(sample.image.size)];
    std::vector<std::pair<int, std::string>> sorted;
    for (const auto& [size, count] : counts) sorted.emplace_back(-count, size);
    std::sort(sorted.begin(), sorted.end());
    std::string text;
    for (const auto& [count, size] : sorted)
        text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", -count, size);
    return text + " pixels";
}

void add_objects(Facts& facts, const Dataset& set) {
    std::vector<double> diameters;
    std::int64_t objects = 0;
    for (const Sample& sample : set.samples) {
        const auto found = equivalent_diameters(sample.labels);
        diameters.insert(diameters.end(), found.begin(), found.end());
        objects += count_objects(sample.labels);
    }
    std::sort(diameters.begin(), diameters.end());
    const double middle = median(diameters);
    facts.add("objects", objects,
              fmt::format("{} ({:.1f} an image)", objects,
                          static_cast<double>(objects) / static_cast<double>(set.samples.size())));
    facts.add("object_diameter",
              Json{{"least", diameters.empty() ? 0.0 : diameters.front()},
                   {"median", middle},
                   {"largest", diameters.empty() ? 0.0 : diameters.back()}},
              diameters.empty() ? ""
                                : fmt::format("{:.1f} pixels in the middle, {:.1f} to {:.1f}",
                                              middle, diameters.front(), diameters.back()));
}

void add_classes(Facts& facts, const Dataset& set) {
    std::map<std::uint32_t, std::int64_t> pixels;
    std::int64_t total = 0;
    for (const Sample& sample : set.samples) {
        for (const std::uint32_t value : sample.labels.values) ++pixels[value];
        total += sample.labels.size.elements();
    }
    Json list = Json::array();
    std::string text;
    for (const auto& [value, count] : pixels) {
        const double part = static_cast<double>(count) / static_cast<double>(total);
        list.push_back({{"value", value}, {"pixels", count}, {"part", part}});
        text += fmt::format("{}{} on {:.2f} %", text.empty() ? "" : ", ", value, 100.0 * part);
    }
    facts.add("values", list, text);
}

}  // namespace

Facts describe_data(const DatasetOptions& options) {
    Context context;
    Json notices = Json::array();
    const Dataset set = read_dataset(
        context, options, [&](const std::string& text) { notices.push_back(with_flags(text)); });
    const LabelMeaning& meaning = set.meaning;

    Facts facts;
    facts.add("data", set.name, set.name);
    facts.add("images", set.samples.size(),
              fmt::format("{}: {}", set.samples.size(), sizes_text(set)));
    facts.add("slices", set.slices());
    facts.add("channels", set.channels,
              fmt::format("{}{}", set.channels, set.rgb ? " (red, green, blue)" : ""));
    facts.add("rgb", set.rgb);
    facts.add("labels", to_string(meaning.kind),
              fmt::format("{}: {}", to_string(meaning.kind), meaning.evidence));
    facts.add("evidence", meaning.evidence);
    facts.add("classes", meaning.values, fmt::format("{}", meaning.classes()));
    if (meaning.kind == LabelKind::instances) {
        add_objects(facts, set);
    } else {
        add_classes(facts, set);
    }
    const Spacing& spacing = set.samples[0].image.spacing;
    facts.add("spacing", spacing.size, spacing_text(spacing));
    facts.add("unit", spacing.unit);
    facts.add("bytes", set.bytes(),
              fmt::format("{} decoded", bytes_text(static_cast<double>(set.bytes()))));
    facts.add("notices", notices);
    for (const Json& notice : notices)
        facts.add_lines(fmt::format("note: {}\n", notice.get<std::string>()));
    return facts;
}

}  // namespace unet::cli
