#include "unet/report/report_json.h"

#include <nlohmann/json.hpp>

namespace unet {
namespace {

using Json = nlohmann::ordered_json;

Json facts_json(const std::vector<ReportFact>& facts) {
    Json object = Json::object();
    for (const ReportFact& fact : facts) object[fact.name] = fact.value;
    return object;
}

Json log_json(const TrainingLog& log) {
    Json validations = Json::array();
    for (const ValidationPoint& point : log.validations)
        validations.push_back({{"step", point.step}, {"score", point.score}, {"best", point.best}});
    return {{"steps", log.last_step},
            {"seconds", log.seconds},
            {"loss_points", log.loss.size()},
            {"validations", validations},
            {"unreadable_lines", log.unreadable}};
}

Json found_json(const Found& found) {
    Json images = Json::array();
    for (const FoundImage& image : found.images) {
        Json entry{{"name", image.name}, {"pixels", image.pixels}};
        if (found.objects) entry["objects"] = image.objects;
        images.push_back(std::move(entry));
    }
    return {{"images", images}};
}

Json check_json(const CheckResult& check) {
    Json kinds = Json::object();
    for (const Finding& finding : check.findings) {
        Json& count = kinds[to_string(finding.severity)][to_string(finding.kind)];
        count = count.is_null() ? 1 : count.get<int>() + 1;
    }
    return {{"name", check.name}, {"images", check.images}, {"findings", kinds}};
}

}  // namespace

Json to_json(const Report& report) {
    Json json{{"title", report.title}, {"remarks", report.remarks}};
    json["shown"] = Json::array();
    for (const ShownImage& image : report.images)
        json["shown"].push_back({{"name", image.name}, {"why", image.why}});
    if (report.log) json["training"] = log_json(*report.log);
    if (report.evaluation) json["evaluation"] = to_json(*report.evaluation);
    if (report.found) json["found"] = found_json(*report.found);
    if (report.check) json["check"] = check_json(*report.check);
    json["repeat"] = facts_json(report.repeat.facts);
    return json;
}

}  // namespace unet
