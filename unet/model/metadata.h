#pragma once

#include <string>

#include "unet/model/model.h"

namespace unet {

/// Everything in `model` but its tensors as one JSON object: what a model file holds under the
/// metadata key "unet". Keys of `model.unknown` are added where they do not contradict.
/// Throws Error(invalid_argument) if `info.training` or `unknown` is not a JSON object or a list
/// does not suit the network.
std::string metadata_text(const Model& model);

/// Fills `model` (tensors aside) from such a text. Keys that are missing keep their defaults; keys
/// that this version does not know go to `model.unknown`. `where` begins every message.
/// Throws Error(corrupt_file), or Error(unsupported) for a newer version.
void read_metadata(const std::string& text, const std::string& where, Model& model);

}  // namespace unet
