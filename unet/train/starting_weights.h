#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/nn/parameters.h"

namespace unet {

/// Weights that a training starts from.
struct StartingWeights {
    std::vector<NamedTensor> tensors;  ///< of the network, in file order
    std::vector<std::string> notices;  ///< one line each: what was not taken, and what stays drawn
};

/// Draws the network's weights from `seed` and takes those of `found` whose name and shape match,
/// and where they are of a network for colours and this one is for grey images, the sum over
/// colours.
/// Throws Error(shape_mismatch) if none does: then the file is of another kind of network. `where`
/// names the file.
StartingWeights starting_weights_from(const nn::Network& network, std::uint64_t seed,
                                      const std::vector<NamedTensor>& found,
                                      const std::string& where);

/// The same from the model or safetensors file `init`, or drawn alone where that is empty.
StartingWeights starting_weights(const nn::Network& network, std::uint64_t seed,
                                 const std::filesystem::path& init);

/// What TrainOptions::normalise would have to say for the grey values that the weights in `file`
/// were trained on; empty where the file does not say, or has numbers for several channels, which
/// it does not take.
std::string normalisation_of(const std::filesystem::path& file);

/// Channels and classes of a network with these tensors, where no data says: taken from its first
/// and last convolution. Throws Error(shape_mismatch) if they are not there.
void take_channels(UNetOptions& options, const std::vector<NamedTensor>& found,
                   const std::string& where);

}  // namespace unet
