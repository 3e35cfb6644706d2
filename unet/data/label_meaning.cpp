#include "unet/data/label_meaning.h"

#include <fmt/ranges.h>

#include <map>

#include "unet/core/error.h"

namespace unet {
namespace {

using Counts = std::map<std::uint32_t, LabelSurvey::Value>;

constexpr std::size_t most_classes = 255;          // class indices are bytes, 255 marks `ignored`
constexpr std::uint32_t largest_small_class = 32;  // beside which 255 looks like `ignore`
constexpr std::size_t few_ids = 8;                 // as many values may well be classes
constexpr std::size_t many_ids = 32;               // more than most sets have classes
constexpr double nearly_all = 0.9, most = 0.6, half = 0.5;  // shares of whole pieces

std::string list_of(const Counts& values) {
    std::vector<std::string> words;
    for (const auto& [value, count] : values) {
        if (words.size() == 12 && values.size() > 13) {
            words.push_back(fmt::format("... {}", values.rbegin()->first));
            break;
        }
        words.push_back(fmt::format("{}", value));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

[[noreturn]] void fail_ambiguous(const std::string& where, const Counts& values,
                                 const char* question, bool name_ignore) {
    fail_setting(
        "labels", ErrorCode::invalid_argument,
        "{}: found labels {}: {}. Say `labels` instances, `labels` classes or `labels` binary{}",
        where, list_of(values), question,
        name_ignore ? ", or `ignore` 255 to leave out pixels of value 255" : "");
}

/// Share of (image, value) pairs whose pixels are one piece.
double whole_share(const Counts& values) {
    std::int64_t images = 0, whole = 0;
    for (const auto& [value, count] : values) {
        if (value == 0) continue;
        images += count.images;
        whole += count.whole;
    }
    return images == 0 ? 0.0 : static_cast<double>(whole) / static_cast<double>(images);
}

std::vector<std::uint32_t> keys_of(const Counts& values) {
    std::vector<std::uint32_t> keys;
    for (const auto& [value, count] : values) keys.push_back(value);
    return keys;
}

LabelMeaning as_instances(const LabelSurvey& survey, const Counts& values, std::string why) {
    return {LabelKind::instances,
            {0, 1},
            {},
            fmt::format("{} different values besides 0, at most {} in one image; {}",
                        values.size() - values.count(0), survey.most_in_one_image, why)};
}

LabelMeaning as_classes(const Counts& values, const std::string& why, const std::string& where) {
    if (values.size() > most_classes)
        fail_setting(
            "labels", ErrorCode::invalid_argument,
            "{}: found {} different labels, expected at most {} classes; labels that number "
            "objects are `labels` instances",
            where, values.size(), most_classes);
    return {LabelKind::classes,
            keys_of(values),
            {},
            fmt::format("values {}; {}", list_of(values), why)};
}

LabelMeaning as_binary(const Counts& values, const std::string& where) {
    if (values.size() == 2) {
        const auto keys = keys_of(values);
        return {LabelKind::binary,
                keys,
                {},
                fmt::format("two values, {} (background) and {}", keys[0], keys[1])};
    }
    if (values.count(0) == 0)
        fail_setting("labels", ErrorCode::invalid_argument,
                     "{}: found labels {}, expected 0 for background with `labels` binary", where,
                     list_of(values));
    return {LabelKind::binary,
            {0, 255},
            {},
            fmt::format("0 is background, all other values ({}) "
                        "are foreground, as asked",
                        values.size() - 1)};
}

LabelMeaning detect(const LabelSurvey& survey, const Counts& values, const std::string& where) {
    if (values.size() == 2) return as_binary(values, where);
    const std::uint32_t largest = values.rbegin()->first;
    if (largest <= 2)
        fail_ambiguous(where, values, "these may be classes, or at most two objects an image",
                       false);
    if (largest == 255 && std::next(values.rbegin())->first <= largest_small_class)
        fail_ambiguous(where, values,
                       "255 may be a class, an object, or mark pixels to be left out", true);
    const double share = whole_share(values);
    const std::size_t ids = values.size() - values.count(0);
    const std::string percent =
        fmt::format("{:.0f} % of them are one connected piece", 100 * share);
    const bool numbered = survey.numbered && (ids > few_ids || survey.counts_differ ||
                                              (survey.images == 1 && ids > 3));
    if ((share >= nearly_all && ids > few_ids) || (share >= most && (numbered || ids > many_ids)))
        return as_instances(survey, values, percent);
    if (share < half && values.size() <= most_classes)
        return as_classes(values, "most values are in several pieces in an image", where);
    fail_ambiguous(where, values,
                   fmt::format("{}, so they may be objects or classes", percent).c_str(), false);
}

}  // namespace

Field labels_field(std::string name, std::string help, LabelsChoice& value) {
    return choice(std::move(name), std::move(help), value,
                  {{"detect", LabelsChoice::detect},
                   {"instances", LabelsChoice::instances},
                   {"classes", LabelsChoice::classes},
                   {"binary", LabelsChoice::binary}});
}

LabelMeaning meaning_of(const LabelSurvey& survey, LabelsChoice choice,
                        std::optional<std::uint32_t> ignore, const std::string& where) {
    Counts values = survey.values;
    if (ignore) values.erase(*ignore);
    if (values.size() < 2)
        fail(ErrorCode::invalid_argument,
             "{}: every label pixel has the value {}, expected background and at least one object "
             "or class; check that the labels are the stored ids or classes, not colours",
             where, values.empty() ? *ignore : values.begin()->first);
    LabelMeaning meaning;
    switch (choice) {
        case LabelsChoice::detect:
            meaning = detect(survey, values, where);
            break;
        case LabelsChoice::instances:
            meaning = as_instances(survey, values, "as asked");
            break;
        case LabelsChoice::classes:
            meaning = as_classes(values, "as asked", where);
            break;
        case LabelsChoice::binary:
            meaning = as_binary(values, where);
            break;
    }
    meaning.ignore = ignore;
    return meaning;
}

}  // namespace unet
