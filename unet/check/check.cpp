#include "unet/check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "unet/check/cases.h"
#include "unet/check/detectors.h"
#include "unet/core/error.h"

namespace unet {

bool CheckResult::has_errors() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Severity::error; });
}

std::vector<std::string> CheckResult::summary() const {
    std::vector<std::string> lines;
    for (auto first = findings.begin(); first != findings.end();) {
        const auto last = std::find_if(first, findings.end(), [&](const Finding& finding) {
            return finding.kind != first->kind || finding.severity != first->severity;
        });
        if (first->severity != Severity::note)
            lines.push_back(fmt::format(
                "{}: {}: {}: {}{}", to_string(first->severity), title_of(first->kind),
                first->file.string(), first->what,
                last - first > 1 ? fmt::format(" (and {} more)", last - first - 1) : ""));
        first = last;
    }
    return lines;
}

CheckResult check_data(Context& context, const CheckOptions& options) {
    Findings findings;
    CheckedSet set = read_cases(context, options, findings);
    find_soft(context, set, findings);
    decide_meaning(context, options.reading, set, findings);
    find_extremes(context, set, findings);
    for (const auto find : {find_empty, find_classes, find_ids, find_unlabelled, find_misplaced,
                            find_duplicates, find_outliers, find_spacing}) {
        find(context, set, findings);
        if (set.stopped()) fail(ErrorCode::cancelled, "check: stopped before its end");
    }
    sort_findings(findings);
    return {set.name, static_cast<std::int64_t>(set.cases.size()), std::move(findings)};
}

}  // namespace unet
