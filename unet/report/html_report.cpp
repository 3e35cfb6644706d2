#include "unet/report/html_report.h"

#include <fmt/format.h>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/machine.h"
#include "unet/core/text/unicode.h"
#include "unet/report/html.h"
#include "unet/report/sections.h"
#include "unet/report/style.h"

namespace unet {
namespace {

struct PagePart {
    const char *id, *link;
    std::string (*html)(const Report&);
};

/// In the order of the page: how good, where not, why, and how to do it again.
constexpr PagePart parts[] = {
    {"scores", "Scores", scores_section},   {"found", "Found", found_section},
    {"images", "Images", images_section},   {"objects", "Objects", objects_section},
    {"curves", "Learning", curves_section}, {"data", "Data", check_section},
    {"repeat", "Repeat", repeat_section},
};

/// By which a report is known again.
constexpr std::string_view generator = "<meta name=\"generator\" content=\"unet report\">";

std::string head(const Report& report) {
    // The browser itself is told to fetch nothing, whatever the page holds.
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'\">\n"
        "{}\n<title>{}: report</title>\n<style>\n{}</style>\n</head>\n",
        generator, escaped(report.title), report_style);
}

std::string overview(const Report& report) {
    std::string html;
    for (const ReportFact& fact : report.overview)
        html += fmt::format("<div class=\"tile\"><dt>{}</dt><dd>{}</dd></div>", escaped(fact.name),
                            escaped(fact.value));
    return html.empty() ? html : "<dl class=\"tiles\">" + html + "</dl>";
}

std::string remarks(const Report& report) {
    std::string html;
    for (const std::string& remark : report.remarks)
        html += fmt::format("<p class=\"remark\">{}</p>", escaped(remark));
    return html;
}

}  // namespace

std::string section(const std::string& id, const std::string& heading, const std::string& body) {
    return fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n"
        "<h2 id=\"{0}-heading\">{1}</h2>\n{2}\n</section>\n",
        id, heading, body);
}

std::string bar(double share, const std::string& style) {
    return fmt::format(
        "<span class=\"track\"><span class=\"fill {}\" style=\"width:{:.1f}%\">"
        "</span></span>",
        style, 100.0 * share);
}

std::string html_of(const Report& report) {
    std::string links, body;
    for (const PagePart& part : parts) {
        const std::string html = part.html(report);
        if (html.empty()) continue;
        links += fmt::format("<a href=\"#{}\">{}</a>", part.id, part.link);
        body += html;
    }
    return fmt::format(
        "{}<body>\n<header>\n<h1>{}</h1>\n<p class=\"subject\">{}</p>\n{}{}"
        "<nav aria-label=\"parts of this page\">{}</nav>\n</header>\n<main>\n{}</main>\n"
        "<footer>unet.cpp {}</footer>\n</body>\n</html>\n",
        head(report), escaped(report.title), escaped(report.subject), overview(report),
        remarks(report), links, body, version());
}

void check_report_file(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return;
    if (std::filesystem::is_directory(path))
        fail(ErrorCode::invalid_argument, "{}: is a folder, expected a file for the report",
             path.string());
    if (read_text_file(path).find(generator) == std::string::npos)
        fail(ErrorCode::invalid_argument,
             "{}: is there already and is no report: it would be replaced; name another file",
             path.string());
}

void write_report(const std::filesystem::path& path, const Report& report) {
    check_report_file(path);
    write_file_atomically(path, as_utf8(html_of(report)));
}

}  // namespace unet
