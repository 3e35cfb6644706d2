#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "inputs.h"
#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "unet/unet.h"

namespace unet::cli {

/// The `number`-th of `of` equal shares, counted from 1.
struct Share {
    std::int64_t number = 1, of = 1;
};

/// Flags of `unet predict`, most of them of `unet plan` too.
struct PredictSettings {
    std::string out, what, tile = "auto", normalise, table, max_ram, part, where;
    ReadSettings stacks;
    std::int64_t threads = 0, bits = 0;
    double scale = 0.0;
    const Format* format = &format_named("tif");
    Averaging average = Averaging::none;
    bool overlay = false, exact = false, json = false, resume = false, keep_going = true;
    bool fill_holes = false, drop_border = false;
    Share share_of_tiles;  ///< what take_share() found in `part`
};

/// What decides how images are predicted, and into what.
void add_prediction_flags(Flags& flags, PredictSettings& settings);

/// --tile; 0 for auto.
std::int64_t tile_of(const PredictSettings& settings);
/// `label` stands behind the progress bar; all must outlive the options.
PredictOptions options_of(const PredictSettings& settings, Progress& progress,
                          const std::string& label, Notes& notes);
/// Throws UsageError for --where with several images.
void check_where(const PredictSettings& settings, const std::vector<Input>& inputs);
/// What results depend on: a prediction goes on only with the same.
nlohmann::ordered_json lasting_flags(const PredictSettings& settings);
/// Leaves this program's share of the images (--part); of one image, a share of its tiles. Throws
/// UsageError.
void take_share(PredictSettings& settings, std::vector<Input>& inputs);

}  // namespace unet::cli
