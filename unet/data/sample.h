#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/data/pairs.h"
#include "unet/image/read_options.h"
#include "unet/pixels/normalise.h"

namespace unet {

/// Where the pixels of a sample are that are not in memory.
struct SampleFiles {
    std::filesystem::path image, label;
    ReadOptions reading;
    bool grey = false;  ///< colours become grey
    Turn label_turn{};  ///< as Pair has it
};

/// An annotated image: values as stored, all slices.
struct Sample {
    std::string name;
    std::string group;  ///< never divided between training and validation
    Image image;
    LabelMap labels;
    Part part = Part::any;  ///< what a table says
    /// If it is there, image and labels have no values: they are those of these files, from `begin`
    /// on, and are read where they are needed (SampleReader).
    std::shared_ptr<const SampleFiles> files{};
    Region begin{};  ///< its size is not used
    /// How many times as large it is as in its file (bring_to_common_size).
    double magnification = 1.0;
    /// Of a part of an image that holds extremes, the numbers of the rule `image` of all of it: hot
    /// pixels that are few in the image may be many in its part.
    std::optional<Scaling> whole{};

    bool in_memory() const noexcept { return !files; }
};

}  // namespace unet
