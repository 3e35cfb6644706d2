#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "unet/core/math.h"
#include "unet/core/quantiles.h"
#include "unet/report/chart.h"
#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

constexpr std::size_t most_rows = 500;
constexpr std::size_t bars = 30;

/// Of diameters of circles with as many pixels: areas crowd the small ones into one bar.
std::string sizes_figure(const std::vector<std::int64_t>& sizes) {
    if (sizes.empty()) return {};
    const auto diameter = [](std::int64_t pixels) {
        return std::sqrt(4.0 / pi * static_cast<double>(pixels));
    };
    const double most = diameter(std::ranges::max(sizes));
    Histogram histogram{.title = "Sizes of the objects",
                        .high = most,
                        .unit = "diameter of a circle as large, in pixels",
                        .counts = std::vector<std::int64_t>(bars)};
    for (const std::int64_t pixels : sizes)
        ++histogram.counts[std::min(
            bars - 1, static_cast<std::size_t>(diameter(pixels) / most * double{bars}))];
    std::vector<std::int64_t> values = sizes;
    const std::int64_t middle = upper_median(std::span(values));
    return fmt::format(
        "<figure class=\"panel\"><h3>{}</h3>{}<figcaption>The median object has {}, a diameter of "
        "{:.1f}. Very small ones may be dirt, very large ones several that hang "
        "together.</figcaption></figure>",
        histogram.title, histogram_svg(histogram), counted(middle, "pixel"), diameter(middle));
}

std::string table(const Found& found) {
    std::string rows;
    const std::size_t shown = std::min(most_rows, found.images.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const FoundImage& image = found.images[i];
        rows += fmt::format(
            "<tr><th scope=\"row\">{}</th>{}<td class=\"number\">{:.2f} %</td></tr>\n",
            escaped(image.name),
            found.objects ? fmt::format("<td class=\"number\">{}</td>", grouped(image.objects))
                          : "",
            100.0 * static_cast<double>(image.pixels) /
                static_cast<double>(std::max<std::int64_t>(1, image.image_pixels)));
    }
    return fmt::format(
        "<div class=\"panel\"><h3>By image{}</h3><div class=\"scroll tall\"><table><thead><tr><th "
        "scope=\"col\">Image</th>{}<th scope=\"col\" class=\"number\">Area "
        "covered</th></tr></thead>"
        "<tbody>\n{}</tbody></table></div></div>",
        shown < found.images.size()
            ? fmt::format(": the first {} of {}", shown, found.images.size())
            : "",
        found.objects ? "<th scope=\"col\" class=\"number\">Objects</th>" : "", rows);
}

}  // namespace

std::string found_section(const Report& report) {
    if (!report.found) return {};
    return section(
        "found", "What was found",
        "<p>There is no annotation to compare with: look at the images before you believe "
        "the numbers.</p><div class=\"panels\">" +
            sizes_figure(report.found->sizes) + table(*report.found) + "</div>");
}

}  // namespace unet
