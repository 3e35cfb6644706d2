#include "unet/train/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/nn/network.h"

namespace unet {
namespace {

/// Section 3 of the paper. It gives neither learning rate nor length; the rate here is a choice
/// that was not measured against others.
Recipe ronneberger2015() {
    Recipe recipe;
    recipe.preset = "ronneberger2015";
    recipe.network = UNetOptions{.dropout = 0.5};
    recipe.optimizer = {.optimizer = OptimizerKind::sgd, .learning_rate = 1e-3, .momentum = 0.99};
    recipe.schedule = {.schedule = ScheduleKind::constant, .warm_up_steps = 0};
    recipe.loss.targets = {.border_weight = 10.0, .border_sigma = 5.0, .class_balance = true};
    recipe.sampling = {.batch_size = 1, .patch = 572, .foreground = 0.0};
    // Shift, rotation, grey values, elastic deformation; no mirroring and no scaling.
    recipe.augment = AugmentOptions::none();
    recipe.augment.elastic_sigma = 10.0;
    recipe.augment.rotation = 180.0;
    recipe.augment.brightness = 0.1;
    recipe.augment.contrast_min = 0.7;
    recipe.augment.contrast_max = 1.3;
    return recipe;
}

Recipe few_minutes() {
    Recipe recipe;
    recipe.preset = "default";
    recipe.network = UNetOptions{
        .levels = 4, .base_channels = 16, .padding = Padding::same, .norm = Norm::batch};
    recipe.optimizer = {
        .optimizer = OptimizerKind::adamw, .learning_rate = 3e-3, .weight_decay = 0.01};
    recipe.schedule = {.schedule = ScheduleKind::cosine, .warm_up_steps = 20};
    recipe.average = 0.98;
    recipe.loss.targets = {
        .border_weight = 5.0, .border_sigma = 5.0, .class_balance = false, .boundary = 0.45};
    recipe.loss.dice_weight = 1.0;
    recipe.sampling = {
        .batch_size = 4, .patch = 192, .foreground = -1.0, .diameter = "auto", .kind_balance = 0.6};
    recipe.augment.elastic_sigma = 2.0;
    recipe.augment.scale_min = 0.65;
    recipe.augment.scale_max = 1.5;
    recipe.augment.contrast_min = 0.5;
    recipe.augment.contrast_max = 1.4;
    recipe.augment.gamma_min = 0.6;
    recipe.augment.gamma_max = 1.7;
    recipe.augment.stain = 0.3;
    recipe.augment.grey_patches = 0.2;
    recipe.augment.illumination = 0.5;
    recipe.augment.blur = 1.5;
    recipe.augment.low_resolution = 2.0;
    recipe.augment.hot_pixels = 0.05;
    recipe.augment.noise = 0.06;
    recipe.augment.invert = 0.15;
    return recipe;
}

struct Preset {
    const char* name;
    Recipe (*make)();
};

constexpr Preset presets[] = {{"default", few_minutes}, {"ronneberger2015", ronneberger2015}};

Fields fields_of(LossOptions& loss) {
    return {
        {"border_weight", "how much more the gap between close objects counts (w0 of the paper)",
         &loss.targets.border_weight, 0.0, 1e6},
        {"border_sigma", "width of the gaps that count more, in pixels (sigma of the paper)",
         &loss.targets.border_sigma, 0.1, 1e3},
        {"class_balance", "let rare classes count more, as the paper does",
         &loss.targets.class_balance},
        {"boundary",
         "numbered objects: their outer part, so far inwards of the way from border to middle, is "
         "a "
         "class of its own, which parts those that touch; 0: there is none",
         &loss.targets.boundary, 0.0, 0.9},
        {"dice_weight", "weight of the Dice loss beside cross-entropy; 0: none", &loss.dice_weight,
         0.0, 1e3},
    };
}

Fields fields_of(SamplingOptions& sampling) {
    return {
        {"batch_size", "patches in one step", &sampling.batch_size, 1.0, 4096.0},
        {"patch", "edge of a patch in pixels: wider than the largest object", &sampling.patch, 1.0,
         65536.0},
        {"foreground",
         "part of the patches, from 0 to 1, that are centred on a class drawn evenly; -1: a third, "
         "or 0.6 where a class covers less than 2 % of the pixels",
         &sampling.foreground, -1.0, 1.0},
        {"kind_balance",
         "0: all images are drawn as often; 1: all kinds of images are, which are told apart by "
         "colour, by bright or dark background and by the size of objects; between: between",
         &sampling.kind_balance, 0.0, 1.0},
        text("diameter",
             "numbered objects: images are resized so that their median object is so many pixels "
             "wide, auto: as the median of all, at most half of what an output pixel sees; off: "
             "images stay as they are",
             sampling.diameter, "auto|off|N"),
    };
}

Fields fields_of(ValidationOptions& validation) {
    return {
        {"validation_interval",
         "with `steps`: steps between two validations; 0: the program chooses",
         &validation.validation_interval, 0.0, 1e9},
        {"validation_share",
         "with `budget`: part of the time, from 0 to 0.5, that goes into validations",
         &validation.validation_share, 0.0, 0.5},
    };
}

/// in_channels and classes are found in the data, never chosen.
Fields network_fields(UNetOptions& network) {
    Fields fields = fields_of(network);
    std::erase_if(fields, [](const Field& field) {
        return field.name == "in_channels" || field.name == "classes";
    });
    return fields;
}

Fields optimization_fields(Recipe& recipe) {
    Fields fields = fields_of(recipe.optimizer);
    for (Field& field : fields_of(recipe.schedule)) fields.push_back(std::move(field));
    fields.push_back(
        {"average",
         "the weights that predict are a moving average over steps, with this decay; 0: none",
         &recipe.average, 0.0, 0.99999});
    return fields;
}

}  // namespace

const std::vector<std::string>& preset_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        for (const Preset& entry : presets) result.emplace_back(entry.name);
        return result;
    }();
    return names;
}

Recipe preset(const std::string& name) {
    for (const Preset& entry : presets)
        if (name == entry.name) return entry.make();
    const auto near = nearest_word(name, preset_names());
    fail_setting("preset", ErrorCode::invalid_argument, "`preset`: there is no preset '{}'; {}",
                 name,
                 near.empty() ? fmt::format("expected one of {}", fmt::join(preset_names(), ", "))
                              : fmt::format("did you mean '{}'?", near));
}

std::vector<Section> sections_of(Recipe& recipe) {
    return {
        {"network", network_fields(recipe.network)},
        {"optimization", optimization_fields(recipe)},
        {"loss", fields_of(recipe.loss)},
        {"sampling", fields_of(recipe.sampling)},
        {"augmentation", fields_of(recipe.augment)},
        {"validation", fields_of(recipe.validation)},
    };
}

void check(const Recipe& recipe) {
    Recipe copy = recipe;
    for (const Section& section : sections_of(copy))
        for (const Field& field : section.fields) set_from_text(field, text_of(field), field.name);
    check(recipe.network);
    check(recipe.augment);
    const nn::Network network = nn::build_network(recipe.network);
    nn::output_size(network, {1, recipe.sampling.patch, recipe.sampling.patch});
}

nlohmann::ordered_json to_json(const std::vector<Section>& sections) {
    auto json = nlohmann::ordered_json::object();
    for (const Section& section : sections) json[section.name] = to_json(section.fields);
    return json;
}

void from_json(const std::vector<Section>& sections, const nlohmann::ordered_json& json,
               const std::string& where) {
    for (const Section& section : sections) {
        const auto found = json.find(section.name);
        if (found == json.end()) continue;
        if (!found->is_object())
            fail(ErrorCode::corrupt_file, "{}: {} is {}, expected an object", where, section.name,
                 found->type_name());
        from_json(section.fields, *found, fmt::format("{}: {}", where, section.name));
    }
}

}  // namespace unet
