#pragma once

#include <cstdint>
#include <vector>

#include "unet/image/file_sink.h"
#include "unet/jobs/each_input.h"
#include "unet/jobs/predicting/predict_settings.h"
#include "unet/model/model.h"
#include "unet/predict/prediction_plan.h"
#include "unet/predict/predictor.h"

namespace unet {

/// What predicting one image takes, beside what a table and overlays write.
struct ImagePlan {
    struct Kind {
        PredictionKind kind;
        PredictionPlan plan;
        FileShape shape;
        std::int64_t output_bytes = 0;  ///< with smaller copies, before it is packed
        double seconds = 0.0;           ///< on this machine
    };
    Input input;
    Size3 size{};
    std::vector<Kind> kinds{};
    ShownSize shown{};                 ///< how the network is shown the image
    std::int64_t fixed_bytes = 0;      ///< whatever the tiles: the program, maps of the whole image
    std::int64_t least_bytes = 0;      ///< the smallest `max_ram`, which leaves some for surprises
    std::int64_t bytes = 0;            ///< that the process will hold, with the tiles of `kinds`
    bool held_whole = false;           ///< maps of the whole image are in memory
    std::vector<std::string> notes{};  ///< as Image::notes

    std::int64_t output_bytes() const;
    double seconds() const;
};

/// Plans the prediction of every image as predict_files() will do it, without reading its pixels,
/// and measures for about a second how fast this machine is. Throws Error, of the first image that
/// cannot be predicted.
std::vector<ImagePlan> plan_files(const PredictSettings& settings, const Model& model,
                                  const std::vector<Input>& inputs, const JobHooks& hooks = {});

}  // namespace unet
