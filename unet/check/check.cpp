#include "unet/check/check.h"

#include <algorithm>
#include <utility>

#include "unet/check/cases.h"
#include "unet/check/detectors.h"

namespace unet {

bool CheckResult::has_errors() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Severity::error; });
}

CheckResult check_data(Context& context, const CheckOptions& options) {
    Findings findings;
    CheckedSet set = read_cases(context, options.reading, options.val, findings);
    find_soft(context, set, findings);
    decide_meaning(context, options.reading, set, findings);
    for (const auto find : {find_empty, find_classes, find_ids, find_unlabelled, find_misplaced,
                            find_duplicates, find_outliers, find_spacing})
        find(context, set, findings);
    sort_findings(findings);
    return {set.name, static_cast<std::int64_t>(set.cases.size()), std::move(findings)};
}

}  // namespace unet
