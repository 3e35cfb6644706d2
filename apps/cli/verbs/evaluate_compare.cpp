#include "verbs/evaluate_compare.h"
#include "terminal/streams.h"

#include <nlohmann/json.hpp>

#include "terminal/notes.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* word_for(Better better) {
    return better == Better::a ? "a" : better == Better::b ? "b" : "undecided";
}

/// The figure that decides: whether objects are found, or pixels.
const FigureComparison& headline(const std::vector<FigureComparison>& comparisons, LabelKind kind) {
    const std::string wanted = kind == LabelKind::instances ? "f1" : "iou";
    for (const FigureComparison& comparison : comparisons)
        if (comparison.figure == wanted) return comparison;
    fail(ErrorCode::invalid_argument,
         "comparing: {} is not defined for every choice of images; compare more images with "
         "something in them",
         wanted);
}

std::string sentence(const FigureComparison& headline, std::size_t images) {
    const std::string numbers = fmt::format(
        "{} is {:.4f} for A and {:.4f} for B; B - A is {:+.4f}, 95 % interval {:+.4f} "
        "to {:+.4f} over {} images",
        headline.figure, headline.a, headline.b, headline.b - headline.a, headline.low,
        headline.high, images);
    if (headline.better == Better::b) return "B is better: " + numbers;
    if (headline.better == Better::a) return "B is worse: " + numbers;
    return "These images do not tell whether B is better: " + numbers;
}

Json json_of(const FigureComparison& comparison) {
    return {{"figure", comparison.figure},
            {"a", comparison.a},
            {"b", comparison.b},
            {"difference", comparison.b - comparison.a},
            {"low", comparison.low},
            {"high", comparison.high},
            {"better", word_for(comparison.better)}};
}

}  // namespace

void print_comparison(const std::string& a, const Evaluation& of_a, const std::string& b,
                      const Evaluation& of_b, const std::vector<std::string>& notes, bool json) {
    const auto comparisons = compare_evaluations(of_a, of_b);
    const FigureComparison& decides = headline(comparisons, of_a.options.kind);
    const std::string words = sentence(decides, of_a.images.size());
    if (json) {
        Json object{{"a", a},
                    {"b", b},
                    {"n_images", of_a.images.size()},
                    {"figure", decides.figure},
                    {"better", word_for(decides.better)},
                    {"words", words},
                    {"figures", Json::array()}};
        for (const FigureComparison& comparison : comparisons)
            object["figures"].push_back(json_of(comparison));
        object["notes"] = notes_json(notes);
        put("{}\n", json_text(object, 2));
        return;
    }
    put("A {}\nB {}\n{}\n\n{:<14}{:>10}{:>10}{:>10}   95 % interval\n", a, b, words, "", "A", "B",
        "B - A");
    for (const FigureComparison& comparison : comparisons) {
        const char* verdict = comparison.better == Better::a   ? "   B is worse"
                              : comparison.better == Better::b ? "   B is better"
                                                               : "";
        put("{:<14}{:>10.4f}{:>10.4f}{:>+10.4f}   {:+.4f} to {:+.4f}{}\n", comparison.figure,
            comparison.a, comparison.b, comparison.b - comparison.a, comparison.low,
            comparison.high, verdict);
    }
}

}  // namespace unet::cli
