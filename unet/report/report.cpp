#include "unet/report/report.h"

namespace unet {

void show_settings(Report& report, const std::function<std::string(std::string_view)>& worded) {
    for (std::string& remark : report.remarks) remark = worded(remark);
    if (report.check)
        for (Finding& finding : report.check->findings)
            for (std::string* text : {&finding.what, &finding.todo}) *text = worded(*text);
}

}  // namespace unet
