#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {
namespace {

// Of one kind.
constexpr std::size_t most_examples = 8;

std::string place_of(const Finding& finding) {
    std::string text = finding.file.filename().string();
    if (!finding.place.empty()) text += ": " + finding.place;
    if (!finding.other.empty()) text += " and " + finding.other.filename().string();
    return text;
}

/// Findings of one kind and severity, which stand side by side.
std::string group(std::span<const Finding> findings) {
    std::string items;
    for (std::size_t i = 0; i < std::min(findings.size(), most_examples); ++i) {
        const Finding& finding = findings[i];
        items += fmt::format(
            "<li><b>{}</b><br>{}{}</li>\n", escaped(place_of(finding)), escaped(finding.what),
            finding.sure < 0.995 ? fmt::format(" ({:.0f} % sure)", 100.0 * finding.sure) : "");
    }
    if (findings.size() > most_examples)
        items += fmt::format("<li>and {} more: a check of the data names all</li>",
                             findings.size() - most_examples);
    const Finding& first = findings.front();
    return fmt::format(
        "<details{}><summary><span class=\"chip {}\">{}</span> {} <span class=\"quiet\">({})</span>"
        "</summary><p>To do: {}</p><ul>\n{}</ul></details>\n",
        first.severity == Severity::error ? " open" : "", to_string(first.severity),
        to_string(first.severity), title_of(first.kind), findings.size(), escaped(first.todo),
        items);
}

std::string summary(const CheckResult& check) {
    std::array<std::int64_t, 3> counts{};
    for (const Finding& finding : check.findings)
        ++counts[static_cast<std::size_t>(finding.severity)];
    const auto count = [&](Severity severity) {
        return counts[static_cast<std::size_t>(severity)];
    };
    return fmt::format("{}, {}, {} in {} of {}.", counted(count(Severity::error), "error"),
                       counted(count(Severity::warning), "warning"),
                       counted(count(Severity::note), "note"), counted(check.images, "image"),
                       escaped(check.name));
}

}  // namespace

std::string check_section(const Report& report) {
    if (!report.check) return {};
    const Findings& findings = report.check->findings;
    std::string groups;
    for (std::size_t begin = 0; begin < findings.size();) {
        std::size_t end = begin;
        while (end < findings.size() && findings[end].kind == findings[begin].kind &&
               findings[end].severity == findings[begin].severity)
            ++end;
        groups += group(std::span(findings).subspan(begin, end - begin));
        begin = end;
    }
    if (groups.empty()) groups = "<p>Nothing was found that looks wrong or odd.</p>";
    return section("data", "Is the data in order?",
                   "<p>What a check says of the images and labels that were trained on: " +
                       summary(*report.check) + "</p>" + groups);
}

}  // namespace unet
