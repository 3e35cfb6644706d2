#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "terminal/streams.h"
#include "verbs/check.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_examples = 3;

std::string plural(std::size_t count, const char* word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string place_text(const Finding& finding) {
    return finding.file.string() + (finding.place.empty() ? "" : ": " + finding.place);
}

/// All findings of one severity and kind; they stand side by side.
void print_group(const Finding* first, const Finding* last) {
    const auto count = static_cast<std::size_t>(last - first);
    put("\n{}: {} ({})\n", to_string(first->severity), title_of(first->kind), count);
    for (std::size_t i = 0; i < std::min(count, most_examples); ++i) {
        const Finding& finding = first[i];
        put("  {}\n      {}{}\n", place_text(finding), finding.what,
            finding.sure < 0.995 ? fmt::format(" ({:.0f} % sure)", 100 * finding.sure) : "");
        const bool told = i > 0 && first[i - 1].todo == finding.todo;
        if (!told) put("      -> {}\n", finding.todo);
    }
    if (count > most_examples) put("  and {} more; --json lists all\n", count - most_examples);
}

Json json_of(const Finding& finding) {
    Json object{{"kind", to_string(finding.kind)},
                {"severity", to_string(finding.severity)},
                {"what", finding.what},
                {"where", {{"file", finding.file.string()}, {"place", finding.place}}},
                {"sure", finding.sure},
                {"todo", finding.todo}};
    if (!finding.other.empty()) object["where"]["other"] = finding.other.string();
    return object;
}

}  // namespace

void print_check(const CheckResult& result, const Suggested& suggested) {
    const Findings& all = result.findings;
    std::map<Severity, std::size_t> counts;
    for (const Finding& finding : all) ++counts[finding.severity];
    put("{}: {}, {}, {}, {}\n", result.name,
        plural(static_cast<std::size_t>(result.images), "image"),
        plural(counts[Severity::error], "error"), plural(counts[Severity::warning], "warning"),
        plural(counts[Severity::note], "note"));
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && all[end].kind == all[begin].kind &&
               all[end].severity == all[begin].severity)
            ++end;
        print_group(all.data() + begin, all.data() + end);
        begin = end;
    }
    put("\n{}", suggested.lines);
}

void print_check_json(const CheckResult& result, const Suggested& suggested, const std::string& fix,
                      const std::vector<std::string>& done) {
    Json findings = Json::array();
    for (const Finding& finding : result.findings) findings.push_back(json_of(finding));
    Json object{{"data", result.name},
                {"images", result.images},
                {"findings", findings},
                {"suggested", suggested.json}};
    if (!fix.empty()) object["fixed"] = {{"folder", fix}, {"done", done}};
    // File names need not be UTF-8.
    put("{}\n", json_text(object, 2));
}

void print_mended(const std::string& fix, const std::vector<std::string>& done) {
    put("\n{}: a copy, {}\n", fix, done.empty() ? "nothing to mend" : "mended:");
    for (const std::string& line : done) put("  {}\n", line);
}

}  // namespace unet::cli
