#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/image/read_options.h"
#include "unet/jobs/each_input.h"
#include "unet/objects/object_finder.h"

namespace unet {

/// How objects are found in probabilities, and where they go; as typed (core/fields.h).
struct FindSettings {
    std::string out, max_ram;
    double threshold = 0.5;
    double full = 0.0;  ///< the stored value that is a probability of 1; 0: by the type
    ObjectRule rule;
    ReadSettings reading;
};

/// The table of it for flags, TOML and JSON, without `out` and `reading`.
Fields fields_of(FindSettings& settings);

/// The objects of one image, as a label map in a file.
struct FoundObjects {
    Input input;
    std::filesystem::path file;
    std::int64_t objects = 0;
    std::vector<std::string> notes{};  ///< of the probabilities, as Image::notes
};

/// Finds the objects of images of probabilities of the foreground (two channels, or the foreground
/// alone; floats from 0 to 1, or integers of up to 16 bits from 0 to the largest that these hold,
/// unless `settings.full` says what stands for 1) and writes each into
/// `settings.out`, as NAME.tif. Each image on its own (each_input). Throws Error for settings out
/// of range, and where results would go into a folder that is read.
InputResults<FoundObjects> find_objects(const FindSettings& settings,
                                        const std::vector<Input>& inputs,
                                        const JobHooks& hooks = {});

}  // namespace unet
