#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "unet/evaluate/figures.h"
#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

// A list of more images says nothing that the JSON of `unet evaluate` does not say better.
constexpr std::size_t most_rows = 200;

struct Meaning {
    std::string_view figure, title, text;
};

constexpr Meaning meanings[] = {
    {"f1", "F1", "Objects found and not invented, both in one number (outlines agree by half)"},
    {"precision", "Precision", "Of what was predicted, how much is really there"},
    {"recall", "Recall", "Of what was annotated, how much was found"},
    {"ap", "AP", "The same as F1, but outlines must agree better and better"},
    {"pq", "PQ", "Panoptic quality: found objects, weighed by how well they are outlined"},
    {"seg", "SEG", "Cell Tracking Challenge: how well annotated objects are outlined"},
    {"det", "DET", "Cell Tracking Challenge: how little work correcting would be"},
    {"aji", "AJI", "Aggregated Jaccard index: overlap of all objects with their partners"},
    {"aji_plus", "AJI+", "The same, each object with one partner only"},
    {"iou", "IoU", "Foreground pixels: those in both over those in either"},
    {"dice", "Dice", "Foreground pixels: twice those in both over the sum of each"},
    {"pixel_error", "Pixel error", "Part of all pixels with the wrong class; less is better"},
    {"hd95", "HD95", "Distance that 95 % of the outline stays within; less is better"},
    {"assd", "ASSD", "Mean distance of the outlines; less is better"},
    {"surface_dice", "Surface Dice", "Part of the outlines that agree within the tolerance"},
};

Meaning meaning_of(std::string_view figure) {
    for (const Meaning& meaning : meanings)
        if (meaning.figure == figure) return meaning;
    return {figure, figure, ""};
}

const FigureInterval* interval_of(const Evaluation& evaluation, std::string_view figure) {
    for (const FigureInterval& interval : evaluation.intervals)
        if (interval.figure == figure) return &interval;
    return nullptr;
}

std::string whisker(double value, const FigureInterval* interval) {
    if (value < 0.0 || value > 1.0) return {};
    std::string range;
    if (interval)
        range = fmt::format("<span class=\"range\" style=\"left:{:.1f}%;width:{:.1f}%\"></span>",
                            100.0 * interval->low, 100.0 * (interval->high - interval->low));
    return fmt::format(
        "<span class=\"track\" aria-hidden=\"true\">{}<span class=\"point\" "
        "style=\"left:{:.1f}%\"></span></span>",
        range, 100.0 * value);
}

std::string row(const Evaluation& evaluation, const Figure& figure) {
    const auto value = (evaluation.totals.*figure.value)();
    if (!value) return {};
    const Meaning meaning = meaning_of(figure.name);
    const FigureInterval* interval = interval_of(evaluation, figure.name);
    return fmt::format(
        "<tr><th scope=\"row\">{}<small>{}</small></th><td class=\"number\">{:.3f}</td>"
        "<td class=\"number quiet\">{}</td><td class=\"wide\">{}</td></tr>\n",
        meaning.title, meaning.text, *value,
        interval ? fmt::format("{:.3f} to {:.3f}", interval->low, interval->high) : "",
        whisker(*value, interval));
}

std::string scores_table(const Evaluation& evaluation) {
    std::string rows;
    for (const Figure& figure : figures_of(evaluation.options)) rows += row(evaluation, figure);
    return fmt::format(
        "<table><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"number\">Value"
        "</th><th scope=\"col\" class=\"number\">{}</th><th scope=\"col\" class=\"wide\">0 to 1"
        "</th></tr></thead><tbody>\n{}</tbody></table>",
        evaluation.intervals.empty() ? "" : "95 % interval", rows);
}

std::string class_rows(const Evaluation& evaluation) {
    std::string rows;
    const auto& classes = evaluation.totals.confusion.classes();
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (!classes[i].iou()) continue;
        rows += fmt::format(
            "<tr><th scope=\"row\">{}</th><td class=\"number\">{:.3f}</td><td class=\"number\">"
            "{:.3f}</td><td class=\"number quiet\">{}</td><td class=\"wide\">{}</td></tr>\n",
            escaped(class_name(evaluation.options, i)), *classes[i].iou(),
            classes[i].dice().value_or(0.0), grouped(classes[i].truth),
            bar(*classes[i].iou(), "first"));
    }
    return rows;
}

std::string classes_table(const Evaluation& evaluation) {
    if (evaluation.options.kind == LabelKind::instances) return {};
    return "<h3>By class</h3><table><thead><tr><th scope=\"col\">Class</th><th scope=\"col\" "
           "class=\"number\">IoU</th><th scope=\"col\" class=\"number\">Dice</th><th scope=\"col\" "
           "class=\"number\">Annotated pixels</th><th scope=\"col\" class=\"wide\">IoU, 0 to 1</th>"
           "</tr></thead><tbody>\n" +
           class_rows(evaluation) + "</tbody></table>";
}

std::string image_row(const ImageScores& image, LabelKind kind) {
    const auto number = [](const std::optional<double>& value) {
        return value ? fmt::format("{:.3f}", *value) : std::string("-");
    };
    const Scores& scores = image.scores;
    std::string cells;
    if (kind == LabelKind::instances) {
        const ObjectErrors& errors = scores.errors;
        for (const std::int64_t count :
             {errors.true_objects(), errors.predicted_objects(), errors.missed, errors.invented})
            cells += fmt::format("<td class=\"number\">{}</td>", count);
        cells += fmt::format("<td class=\"number\">{}</td>", number(scores.f1()));
    }
    return fmt::format("<tr><th scope=\"row\">{}</th>{}<td class=\"number\">{}</td></tr>\n",
                       escaped(image.name), cells, number(scores.iou()));
}

std::string images_table(const Evaluation& evaluation) {
    const LabelKind kind = evaluation.options.kind;
    std::string head = "<th scope=\"col\">Image</th>", rows;
    for (const char* word : {"Annotated", "Predicted", "Missed", "Invented", "F1"})
        if (kind == LabelKind::instances)
            head += fmt::format("<th scope=\"col\" class=\"number\">{}</th>", word);
    head += "<th scope=\"col\" class=\"number\">IoU</th>";
    const std::size_t shown = std::min(most_rows, evaluation.images.size());
    for (std::size_t i = 0; i < shown; ++i) rows += image_row(evaluation.images[i], kind);
    return fmt::format(
        "<details><summary>Every image{}</summary><div class=\"scroll\"><table><thead><tr>{}</tr>"
        "</thead><tbody>\n{}</tbody></table></div></details>",
        shown < evaluation.images.size()
            ? fmt::format(" (the first {} of {})", shown, evaluation.images.size())
            : "",
        head, rows);
}

}  // namespace

std::string scores_section(const Report& report) {
    if (!report.evaluation) return {};
    const Evaluation& evaluation = *report.evaluation;
    std::string text = fmt::format("<p>On {}.", escaped(report.evaluated_on));
    if (!evaluation.intervals.empty())
        text += fmt::format(
            " The interval says where a figure would lie with other images of the same kind: the "
            "images were drawn anew {} times.",
            BootstrapOptions{}.resamples);
    else
        text += " An interval needs two images or more.";
    return section("scores", "How good is it?",
                   text + "</p>" + scores_table(evaluation) + classes_table(evaluation) +
                       images_table(evaluation));
}

}  // namespace unet
