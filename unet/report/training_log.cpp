#include "unet/report/training_log.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "unet/core/text/text.h"

namespace unet {
namespace {

using Json = nlohmann::json;

double number(const Json& line, const char* key, double otherwise) {
    const auto place = line.find(key);
    if (place == line.end() || !place->is_number()) return otherwise;
    const double value = place->get<double>();
    return std::isfinite(value) ? value : otherwise;
}

std::int64_t whole(const Json& line, const char* key) {
    const auto place = line.find(key);
    return place != line.end() && place->is_number_integer() ? place->get<std::int64_t>() : 0;
}

void add_line(TrainingLog& log, const Json& line) {
    const std::int64_t step = whole(line, "step");
    log.last_step = std::max(log.last_step, step);
    log.seconds = std::max(log.seconds, number(line, "seconds", 0.0));
    const double nothing = std::nan("");
    if (const double loss = number(line, "loss", nothing); !std::isnan(loss))
        log.loss.push_back({step, loss});
    if (const double rate = number(line, "learning_rate", nothing); !std::isnan(rate))
        log.learning_rate.push_back({step, rate});
    if (const double score = number(line, "score", nothing); !std::isnan(score)) {
        const auto best = line.find("best");
        log.validations.push_back({step, score, number(line, "f1", -1.0), number(line, "ap", -1.0),
                                   whole(line, "images"),
                                   best != line.end() && best->is_boolean() && best->get<bool>()});
    }
}

}  // namespace

TrainingLog parse_training_log(std::string_view text) {
    TrainingLog log;
    for (const std::string_view line : split_lines(text)) {
        const Json json = Json::parse(line, nullptr, false);
        if (json.is_object())
            add_line(log, json);
        else
            ++log.unreadable;
    }
    return log;
}

}  // namespace unet
