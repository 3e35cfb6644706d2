#include <fmt/format.h>

#include "unet/report/html.h"
#include "unet/report/sections.h"

namespace unet {

std::string repeat_section(const Report& report) {
    const Repeat& repeat = report.repeat;
    std::string body, rows;
    if (!repeat.commands.empty()) {
        body += "<pre>";
        for (const std::string& command : repeat.commands) body += escaped(command) + "\n";
        body += "</pre>";
    }
    for (const ReportFact& fact : repeat.facts)
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(fact.name),
                            escaped(fact.value));
    if (!rows.empty()) body += "<table class=\"facts\"><tbody>\n" + rows + "</tbody></table>";
    if (!repeat.config.empty())
        body += "<details><summary>Every setting (config.toml)</summary><pre>" +
                escaped(repeat.config) + "</pre></details>";
    return body.empty() ? body : section("repeat", "To do it again", body);
}

}  // namespace unet
