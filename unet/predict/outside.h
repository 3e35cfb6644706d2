#pragma once

#include <string>
#include <vector>

#include "unet/core/intensities.h"
#include "unet/core/normalisation.h"
#include "unet/model/model.h"
#include "unet/pixels/levels.h"
#include "unet/pixels/region.h"
#include "unet/predict/magnification.h"

namespace unet::predict {

/// Why an image is unlike those that a model was trained on, in one sentence with both numbers and
/// what to do; empty if it is alike, or nothing is known of the training images. The first that
/// holds of: one value everywhere; contrast after normalisation 3 times beyond theirs (another bit
/// depth); stored contrast below a quarter of theirs (nothing but noise); median further outside
/// theirs than 0.3 of their contrast (inverted).
std::string unlike_training(const Intensities& trained, const std::vector<Levels>& levels,
                            const Scaling& scaling, SampleType type, const Normalisation& rule);

/// The same for pixels more than 1.5 times larger or smaller, where both sizes are known.
std::string unlike_training(const Spacing& trained, const Spacing& image);

/// All that is to be said of an image beside those that `model` was trained on. `by`: how it is
/// shown to the network; `chosen`: not by the user; `diameter`: of its objects, where they were
/// looked for, in pixels. Reads the image where something is known of the training images' values.
std::vector<std::string> remarks_on(RegionSource& image, const Scaling& numbers,
                                    const Normalisation& rule, const ModelInfo& model,
                                    const Magnification& by, bool chosen, double diameter = 0.0);

}  // namespace unet::predict
