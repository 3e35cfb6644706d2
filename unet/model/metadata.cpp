#include "unet/model/metadata.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/nn/options.h"

namespace unet {
namespace {

using Json = nlohmann::ordered_json;

// Far above what any model needs; a hostile file must not cost time or stack.
constexpr int deepest_metadata = 32;
constexpr int most_keys = 4096;

Fields fields_of(ModelInfo& info) {
    return {
        {"description", "what the model is for", &info.description},
        choice("labels", "what the training labels held", info.labels,
               {{to_string(LabelKind::instances), LabelKind::instances},
                {to_string(LabelKind::classes), LabelKind::classes},
                {to_string(LabelKind::binary), LabelKind::binary}}),
        {"label_evidence", "why", &info.label_evidence},
        {"rgb", "trained on red, green, blue", &info.rgb},
        {"threshold", "foreground above this probability", &info.threshold, 0.0, 1.0},
        {"minimum_size", "smaller objects are dropped, pixels", &info.minimum_size, 0.0},
        {"split_depth", "objects are parted at waists so deep, pixels; 0: nowhere",
         &info.split_depth, 0.0, 1e6},
        {"boundary", "part of objects that is their boundary, the last class; 0: there is none",
         &info.boundary, 0.0, 1.0},
        {"object_size", "median diameter of training objects, pixels", &info.object_size, 0.0},
        {"provenance", "program that wrote the file", &info.provenance},
    };
}

Fields fields_of(Normalisation& normalisation) {
    return {choice("rule", "how stored values become input", normalisation.rule,
                   {{"image", NormaliseRule::image},
                    {"dataset", NormaliseRule::dataset},
                    {"range", NormaliseRule::range},
                    {"fixed", NormaliseRule::fixed}}),
            {"clip", "input is limited to -clip .. 1 + clip; 0: not limited", &normalisation.clip,
             0.0, 1e30}};
}

Json parse_object(const std::string& text, const std::string& where, ErrorCode code) {
    int keys = 0;
    const auto watch = [&](int depth, Json::parse_event_t event, Json&) {
        if (event == Json::parse_event_t::key) ++keys;
        if (depth > deepest_metadata || keys > most_keys)
            fail(code, "{}: nested too deeply or more than {} keys", where, most_keys);
        return true;
    };
    try {
        Json object = Json::parse(text, watch);
        if (object.is_object()) return object;
    } catch (const Json::parse_error& error) {
        fail(code, "{}: not JSON from byte {} on", where, error.byte);
    }
    fail(code, "{}: expected a JSON object in braces", where);
}

/// A list of values of one type under `key`; empty where the key is missing.
template <class Value>
std::vector<Value> list_of(const Json& object, const char* key, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    const auto wrong = [&] {
        fail(ErrorCode::corrupt_file, "{}: {}: found {}, expected a list of {}", where, key,
             found->dump(),
             std::is_same_v<Value, std::string> ? "texts"
             : std::is_integral_v<Value>        ? "whole numbers"
                                                : "numbers");
    };
    if (!found->is_array()) wrong();
    std::vector<Value> values;
    for (const Json& entry : *found) {
        if constexpr (std::is_same_v<Value, std::string>) {
            if (!entry.is_string()) wrong();
        } else if constexpr (std::is_integral_v<Value>) {
            if (!entry.is_number_unsigned() ||
                entry.get<std::uint64_t>() > std::numeric_limits<Value>::max())
                wrong();
        } else {
            if (!entry.is_number() || !std::isfinite(entry.get<double>())) wrong();
        }
        values.push_back(entry.get<Value>());
    }
    return values;
}

Json object_under(const Json& object, const char* key, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end()) return Json::object();
    if (!found->is_object())
        fail(ErrorCode::corrupt_file, "{}: {}: found {}, expected an object", where, key,
             found->dump());
    return *found;
}

/// What makes an info unusable, as (what, found, expected); thrown with the caller's code.
void check_lists(const Model& model, const std::string& where, ErrorCode code) {
    const ModelInfo& info = model.info;
    const auto check_count = [&](const char* key, std::size_t found, std::int64_t expected) {
        if (found != 0 && static_cast<std::int64_t>(found) != expected)
            fail(code, "{}: {} has {} entries, expected {}", where, key, found, expected);
    };
    check_count("class_names", info.class_names.size(), model.network.classes);
    check_count("class_colours", info.class_colours.size(), model.network.classes);
    check_count("label_values", info.label_values.size(), model.network.classes);

    const Normalisation& rule = info.normalisation;
    if (rule.low.size() != rule.high.size())
        fail(code, "{}: normalisation has {} low and {} high values, expected as many", where,
             rule.low.size(), rule.high.size());
    if (rule.low.size() != 1)
        check_count("normalisation", rule.low.size(), model.network.in_channels);
    const bool needs_numbers =
        rule.rule == NormaliseRule::dataset || rule.rule == NormaliseRule::fixed;
    if (needs_numbers && rule.low.empty())
        fail(code, "{}: normalisation {} has no numbers", where, to_string(rule));
    for (const double size : info.spacing.size)
        if (!(size >= 0.0) || !std::isfinite(size))
            fail(code, "{}: spacing is {}, expected numbers from 0 up", where, size);
}

constexpr std::pair<const char*, Interval ChannelIntensities::*> intensity_keys[] = {
    {"contrast", &ChannelIntensities::contrast},
    {"median", &ChannelIntensities::median},
    {"stored_contrast", &ChannelIntensities::stored_contrast},
};

Json intensities_json(const Intensities& intensities) {
    Json object{{"channels", Json::array()}};
    if (intensities.type) object["type"] = to_string(*intensities.type);
    for (const ChannelIntensities& channel : intensities.channels) {
        Json entry;
        for (const auto& [key, member] : intensity_keys)
            entry[key] = {(channel.*member).least, (channel.*member).most};
        object["channels"].push_back(std::move(entry));
    }
    return object;
}

Json describe(Model model) {
    Json object{{"format", "unet"}, {"version", model_format_version}};
    ModelInfo& info = model.info;
    object["network"] = to_json(fields_of(model.network));
    object.update(to_json(fields_of(info)));
    object["class_names"] = info.class_names;
    object["class_colours"] = info.class_colours;
    object["label_values"] = info.label_values;
    object["normalisation"] = to_json(fields_of(info.normalisation));
    // As of models from before there was one.
    if (info.boundary == 0.0) object.erase("boundary");
    if (info.normalisation.clip == 0.0) object["normalisation"].erase("clip");
    object["normalisation"]["low"] = info.normalisation.low;
    object["normalisation"]["high"] = info.normalisation.high;
    object["intensities"] = intensities_json(info.intensities);
    object["spacing"] = Json{{"size", info.spacing.size}, {"unit", info.spacing.unit}};
    object["training"] = info.training.empty() ? Json::object()
                                               : parse_object(info.training, "model info: training",
                                                              ErrorCode::invalid_argument);
    return object;
}

/// The keys of `found` that `known` lacks, at any depth of objects.
Json keys_beyond(const Json& found, const Json& known) {
    Json rest = Json::object();
    for (const auto& [key, value] : found.items()) {
        const auto match = known.find(key);
        if (match == known.end()) {
            rest[key] = value;
        } else if (value.is_object() && match->is_object()) {
            Json deeper = keys_beyond(value, *match);
            if (!deeper.empty()) rest[key] = std::move(deeper);
        }
    }
    return rest;
}

/// Adds the keys of `extra` that `object` lacks, at any depth of objects.
void add_keys(Json& object, const Json& extra) {
    for (const auto& [key, value] : extra.items()) {
        const auto match = object.find(key);
        if (match == object.end())
            object[key] = value;
        else if (match->is_object() && value.is_object())
            add_keys(*match, value);
    }
}

void read_version(const Json& object, const std::string& where) {
    const auto format = object.find("format");
    if (format == object.end() || *format != "unet")
        fail(ErrorCode::corrupt_file, "{}: its description is not that of a U-Net (no format unet)",
             where);
    const auto version = object.find("version");
    if (version == object.end() || !version->is_number_unsigned() || *version == 0)
        fail(ErrorCode::corrupt_file, "{}: its description has no version number", where);
    if (*version > model_format_version)
        fail(ErrorCode::unsupported,
             "{}: written in model format {}, this program reads up to {}; use a newer unet", where,
             version->dump(), model_format_version);
}

std::vector<std::array<std::uint8_t, 3>> colours_of(const Json& object, const std::string& where) {
    std::vector<std::array<std::uint8_t, 3>> colours;
    const auto found = object.find("class_colours");
    if (found == object.end()) return colours;
    if (found->is_array())
        for (const Json& entry : *found) {
            const auto values = list_of<std::uint8_t>(Json{{"colour", entry}}, "colour", where);
            if (values.size() != 3) break;
            colours.push_back({values[0], values[1], values[2]});
        }
    if (!found->is_array() || colours.size() != found->size())
        fail(ErrorCode::corrupt_file, "{}: class_colours: expected lists of three numbers 0 .. 255",
             where);
    return colours;
}

Intensities intensities_of(const Json& object, const std::string& where) {
    Intensities intensities;
    const auto type = object.find("type");
    for (const SampleType known : sample_types)
        if (type != object.end() && *type == to_string(known)) intensities.type = known;
    for (const Json& entry : object.value("channels", Json::array())) {
        ChannelIntensities channel;
        for (const auto& [key, member] : intensity_keys) {
            const auto numbers = list_of<double>(entry, key, where + ": intensities");
            if (numbers.size() != 2)
                fail(ErrorCode::corrupt_file, "{}: intensities: {} has {} numbers, expected 2",
                     where, key, numbers.size());
            channel.*member = {numbers[0], numbers[1]};
        }
        intensities.channels.push_back(channel);
    }
    return intensities;
}

Spacing spacing_of(const Json& object, const std::string& where) {
    Spacing spacing;
    const auto size = list_of<double>(object, "size", where + ": spacing");
    if (!size.empty() && size.size() != 3)
        fail(ErrorCode::corrupt_file, "{}: spacing has {} numbers, expected depth, height, width",
             where, size.size());
    if (size.size() == 3) spacing.size = {size[0], size[1], size[2]};
    const Fields unit{{"unit", "", &spacing.unit}};
    from_json(unit, object, where + ": spacing");
    return spacing;
}

}  // namespace

std::string metadata_text(const Model& model) {
    check(model.network);
    check_lists(model, "model info", ErrorCode::invalid_argument);
    Json object = describe(model);
    if (!model.unknown.empty())
        add_keys(object,
                 parse_object(model.unknown, "model: unknown", ErrorCode::invalid_argument));
    try {
        return object.dump();
    } catch (const Json::type_error&) {
        fail(ErrorCode::invalid_argument, "model info: a text is not valid UTF-8");
    }
}

void read_metadata(const std::string& text, const std::string& where, Model& model) {
    const Json object = parse_object(text, where, ErrorCode::corrupt_file);
    read_version(object, where);
    if (!object.contains("network"))
        fail(ErrorCode::corrupt_file, "{}: its description has no network options", where);
    from_json(fields_of(model.network), object_under(object, "network", where),
              where + ": network");
    try {
        check(model.network);
    } catch (const Error& error) {
        fail(ErrorCode::corrupt_file, "{}: network: {}", where, error.what());
    }
    ModelInfo& info = model.info;
    from_json(fields_of(info), object, where);
    info.class_names = list_of<std::string>(object, "class_names", where);
    info.class_colours = colours_of(object, where);
    info.label_values = list_of<std::uint32_t>(object, "label_values", where);
    const Json normalisation = object_under(object, "normalisation", where);
    from_json(fields_of(info.normalisation), normalisation, where + ": normalisation");
    info.normalisation.low = list_of<double>(normalisation, "low", where);
    info.normalisation.high = list_of<double>(normalisation, "high", where);
    info.intensities = intensities_of(object_under(object, "intensities", where), where);
    info.spacing = spacing_of(object_under(object, "spacing", where), where);
    const Json training = object_under(object, "training", where);
    info.training = training.empty() ? "" : training.dump();
    check_lists(model, where, ErrorCode::corrupt_file);
    const Json unknown = keys_beyond(object, describe(model));
    model.unknown = unknown.empty() ? "" : unknown.dump();
}

}  // namespace unet
