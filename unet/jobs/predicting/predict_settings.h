#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/image/format.h"
#include "unet/image/read_options.h"
#include "unet/jobs/each_input.h"
#include "unet/predict/predictor.h"

namespace unet {

/// How images are predicted, and into what; as typed (core/fields.h). Empty texts and zeros: as the
/// help of the field says.
struct PredictSettings {
    std::string out, table, what, normalise, clip, where, diameter = "auto", tile = "auto", max_ram,
                                                          part;
    const Format* format = &format_named("tif");
    ReadSettings stacks;
    kernels::Element precision = kernels::Element::float32;
    Averaging average = Averaging::none;
    std::int64_t bits = 0, threads = 0;
    double scale = 0.0;
    bool overlay = false, fill_holes = false, drop_border = false, exact = false, resume = false,
         keep_going = true;
};

/// What decides how images are predicted, and into what: what a plan depends on.
Fields prediction_fields(PredictSettings& settings);
/// All of them, for flags, TOML and JSON.
Fields fields_of(PredictSettings& settings);

/// 0 for auto. Throws Error(invalid_argument), as what follows.
std::int64_t tile_of(const PredictSettings& settings);
PredictOptions options_of(const PredictSettings& settings, const JobHooks& hooks);
/// `diameter` as a setting: auto, off, or how wide objects are.
Field diameter_field(std::string& diameter);
/// What it and `scale` say into `options`.
void set_size(PredictOptions& options, const std::string& diameter, double scale);
/// Throws for a mask with several images.
void check_where(const PredictSettings& settings, const std::vector<Input>& inputs);
/// What the bytes of results depend on: a prediction goes on only with the same.
nlohmann::ordered_json lasting_settings(const PredictSettings& settings);

/// The `number`-th of `of` equal shares, counted from 1.
struct Share {
    std::int64_t number = 1, of = 1;
};
/// Of several images, leaves those of this share (PredictSettings::part) in `inputs`; of one image,
/// returns the share of its tiles.
Share take_share(const PredictSettings& settings, std::vector<Input>& inputs);

}  // namespace unet
