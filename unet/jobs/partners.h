#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/jobs/inputs.h"

namespace unet {

struct Partners {
    std::vector<Input> of_each;  ///< as many as there are label maps, in their order
    std::size_t left_over = 0;   ///< files that belong to no label map
};

/// Of `files` the one that belongs to each of the label `maps`, whose stem has the same `key`, or
/// one that looks the same (comparable_name). Throws Error(invalid_argument) where there is none:
/// `problem` ("predictions: found no image"), then which maps of the folder `where` lack theirs.
Partners partners_of(const std::vector<Input>& maps, const std::vector<Input>& files,
                     const std::function<std::string(const std::string&)>& key,
                     const std::string& problem, const std::string& where);

struct LabelsAndImage {
    Input labels;
    std::optional<Input> image;
};

/// The image of every label map: two files are a pair whatever they are called, folders pair up by
/// name. No images where `images` is empty. `notice` as of collect_inputs. Throws Error as
/// collect_inputs, and Error(invalid_argument) naming `setting` for a file beside a folder, and for
/// label maps without an image.
std::vector<LabelsAndImage> pair_with_images(const std::string& labels, const std::string& images,
                                             const std::string& setting, const Notice& notice);

}  // namespace unet
