#include <fmt/format.h>

#include "unet/report/data_uri.h"
#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

// Six images of this size, as text, stay well below most_report_bytes.
constexpr std::size_t most_image_bytes = 440'000;
constexpr Colour wrong_colour{255, 77, 77};

/// A closed line in the shortest words of SVG: corners lie straight above or beside each other.
std::string path_of(const Ring& ring) {
    std::string path = fmt::format("M{} {}", ring[0].x, ring[0].y);
    for (std::size_t i = 1; i < ring.size(); ++i) {
        const std::int64_t dy = ring[i].y - ring[i - 1].y, dx = ring[i].x - ring[i - 1].x;
        path += dy == 0 ? fmt::format("h{}", dx) : fmt::format("v{}", dy);
    }
    return path + "z";
}

/// All objects of one fate are one element.
std::string layer(const std::vector<ShownObject>& objects, const char* name) {
    std::string svg;
    for (const ObjectFate fate : {ObjectFate::matched, ObjectFate::merged, ObjectFate::split,
                                  ObjectFate::missed, ObjectFate::invented}) {
        std::string path;
        for (const ShownObject& object : objects) {
            if (object.fate != fate) continue;
            for (const Polygon& piece : object.outline.pieces)
                for (const Ring& ring : piece.rings) path += path_of(ring);
        }
        if (!path.empty())
            svg += fmt::format("<path class=\"{} {}\" d=\"{}\"/>", name, to_string(fate), path);
    }
    return svg;
}

std::string place_text(const ShownImage& image) {
    const Region& region = image.region;
    std::string text;
    if (image.size.depth > 1) text += fmt::format("slice {}; ", region.z);
    if (region.size.height < image.size.height || region.size.width < image.size.width)
        text += fmt::format("rows {} to {}, columns {} to {} of ", region.y,
                            region.y + region.size.height - 1, region.x,
                            region.x + region.size.width - 1);
    return text + fmt::format("{} x {} pixels", image.size.height, image.size.width);
}

std::string figure(const ShownImage& image) {
    const Size3& size = image.region.size;
    std::string wrong;
    if (!image.wrong_pixels.empty())
        wrong = fmt::format("<img class=\"wrong\" alt=\"\" src=\"{}\">",
                            mask_uri(image.wrong_pixels, size.height, size.width, wrong_colour));
    const std::string alt =
        fmt::format("{}, {}: {}", image.name, image.why,
                    image.figures.empty() ? "with outlines of what was predicted" : image.figures);
    return fmt::format(
        "<figure class=\"shown\"><div class=\"stage\" style=\"aspect-ratio:{}/{}\">"
        "<img class=\"photo\" alt=\"{}\" src=\"{}\">{}"
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}{}</svg>"
        "</div><figcaption><b>{}</b> <span class=\"chip\">{}</span><br>{}<br>"
        "<small>{}</small></figcaption></figure>\n",
        size.width, size.height, escaped(alt), data_uri(image.drawn, most_image_bytes), wrong,
        size.width, size.height, layer(image.truth, "truth"), layer(image.predicted, "predicted"),
        escaped(image.name), escaped(image.why), escaped(image.figures), place_text(image));
}

std::string choice(const char* id, const char* label) {
    return fmt::format("<label for=\"{}\">{}</label>", id, label);
}

/// The boxes stand before the images, so that the style sheet alone can switch what follows.
std::string switches(bool truth, bool objects, bool wrong) {
    std::string boxes, labels;
    const auto add = [&](const char* id, const char* label, bool on) {
        boxes += fmt::format("<input type=\"checkbox\" class=\"switch\" id=\"{}\"{}>", id,
                             on ? " checked" : "");
        labels += choice(id, label);
    };
    if (truth) add("show-truth", "annotation", true);
    add("show-predicted", "prediction", true);
    if (truth && objects) add("only-wrong", "mistakes only", false);
    if (wrong) add("show-wrong", "wrong pixels", true);
    add("larger", "larger", false);
    return boxes + "<div class=\"switches\" role=\"group\" aria-label=\"What the images show\">" +
           labels + "</div>";
}

std::string key(const char* style, const char* text) {
    return fmt::format(
        "<span class=\"key\"><svg class=\"sample\" viewBox=\"0 0 26 16\" "
        "aria-hidden=\"true\"><path class=\"{}\" d=\"M3 3h20v10h-20z\"/></svg>{}"
        "</span>",
        style, text);
}

std::string legend(bool truth, bool objects) {
    std::string html = "<p class=\"legend\">";
    if (!truth) return html + key("predicted matched", "predicted") + "</p>";
    if (!objects)
        return html + key("truth matched", "annotated") + key("predicted matched", "predicted") +
               "<span class=\"key\"><i class=\"wrong-swatch\"></i>wrong pixels</span></p>";
    return html + key("truth matched", "annotated and found") +
           key("predicted matched", "its prediction") + key("truth missed", "missed") +
           key("predicted invented", "invented") + key("truth merged", "merged") +
           key("truth split", "split") +
           "<span class=\"quiet\">Full lines are annotations, dashed ones predictions.</span></p>";
}

}  // namespace

std::string images_section(const Report& report) {
    if (report.images.empty()) return {};
    bool truth = false, wrong = false;
    std::string figures;
    for (const ShownImage& image : report.images) {
        truth = truth || report.evaluation.has_value();
        wrong = wrong || !image.wrong_pixels.empty();
        figures += figure(image);
    }
    const bool objects = !wrong;
    const char* text =
        truth ? "<p>The images that scored lowest, and those in the middle of the order. Is the "
                "prediction wrong there, or the annotation?</p>"
              : "<p>Images with few, many and between.</p>";
    return section("images", truth ? "The worst and the median images" : "What was found where",
                   text + switches(truth, objects, wrong) + legend(truth, objects) +
                       "<div class=\"gallery\">" + figures + "</div>");
}

}  // namespace unet
