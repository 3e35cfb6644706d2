#include <fmt/format.h>

#include <array>

#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

struct Share {
    const char *name, *style, *text;
    std::int64_t count;
};

/// Parts of a whole side by side, then each with its number and meaning.
std::string parts_html(const std::string& heading, std::int64_t whole,
                       std::span<const Share> parts) {
    std::string bars, rows;
    for (const Share& part : parts) {
        const double share =
            whole > 0 ? 100.0 * static_cast<double>(part.count) / static_cast<double>(whole) : 0.0;
        if (part.count > 0)
            bars += fmt::format("<span class=\"fill {}\" style=\"width:{:.2f}%\"></span>",
                                part.style, share);
        rows += fmt::format(
            "<tr><th scope=\"row\"><i class=\"dot {}\"></i>{}<small>{}</small></th><td "
            "class=\"number\">{}</td><td class=\"number quiet\">{:.1f} %</td></tr>\n",
            part.style, part.name, part.text, grouped(part.count), share);
    }
    return fmt::format(
        "<div class=\"panel\"><h3>{}</h3><div class=\"stack\" aria-hidden=\"true\">{}</div>"
        "<table><tbody>\n{}</tbody></table></div>\n",
        heading, bars, rows);
}

std::string confusion(const ObjectErrors& errors) {
    const std::array truth{
        Share{"one to one", "matched", "has a prediction of its own", errors.matched},
        Share{"merged", "merged", "shares its prediction with others", errors.merged},
        Share{"split", "split", "lies in several predictions", errors.split},
        Share{"missed", "missed", "no prediction belongs to it", errors.missed}};
    const std::array predicted{
        Share{"one to one", "matched", "has an annotated object of its own", errors.matched},
        Share{"merging", "merged", "holds several annotated objects", errors.merging},
        Share{"pieces", "split", "parts of a split object", errors.pieces},
        Share{"invented", "invented", "belongs to no annotated object", errors.invented}};
    return "<p>Two objects belong to each other when more than half of either lies in the other. "
           "Many "
           "merged: touching objects are not kept apart. Many split: they are cut where they "
           "should "
           "not be.</p><div class=\"panels\">" +
           parts_html(fmt::format("{} annotated", counted(errors.true_objects(), "object")),
                      errors.true_objects(), truth) +
           parts_html(fmt::format("{} predicted", counted(errors.predicted_objects(), "object")),
                      errors.predicted_objects(), predicted) +
           "</div>";
}

std::string cell(const std::optional<double>& value, const char* style) {
    if (!value) return "<td class=\"number\">-</td><td class=\"bar\"></td>";
    return fmt::format("<td class=\"number\">{:.3f}</td><td class=\"bar\">{}</td>", *value,
                       bar(*value, style));
}

std::string sizes(const Evaluation& evaluation) {
    const SizedObjects& objects = evaluation.totals.objects;
    const auto limits = evaluation.options.size_limits.value_or(tertiles(objects));
    const auto classes = by_size(objects, limits);
    const std::array names{
        fmt::format("small<small>below {} pixels</small>", grouped(limits[0])),
        fmt::format("medium<small>{} to {}</small>", grouped(limits[0]), grouped(limits[1] - 1)),
        fmt::format("large<small>from {} on</small>", grouped(limits[1]))};
    std::string rows;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const SizeClass& size = classes[i];
        rows +=
            fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td>{}{}{}</tr>\n",
                        names[i], grouped(size.true_objects), cell(size.recall(), "first"),
                        cell(size.precision(), "second"), cell(size.mean_iou(), "third"));
    }
    return "<h3>By size of the object</h3><div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">Size</th><th scope=\"col\" class=\"number\">Annotated</th><th "
           "scope=\"col\" colspan=\"2\">Found (recall)</th><th scope=\"col\" colspan=\"2\">Right "
           "of "
           "predicted (precision)</th><th scope=\"col\" colspan=\"2\">Mean IoU</th></tr></thead>"
           "<tbody>\n" +
           rows + "</tbody></table></div>";
}

}  // namespace

std::string objects_section(const Report& report) {
    if (!report.evaluation || report.evaluation->options.kind != LabelKind::instances) return {};
    return section("objects", "Which objects go wrong?",
                   confusion(report.evaluation->totals.errors) + sizes(*report.evaluation));
}

}  // namespace unet
