#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "unet/data/pairs.h"

namespace unet {

/// An image file named by the user, itself or through its folder.
struct Input {
    std::filesystem::path path;
    std::string stem;  ///< file name without .tif or .ome.tif: names the output
};

/// Files and images in folders (image_path) as they are, other folders as the image files right
/// inside them, sorted by name, without hidden ones. Throws Error: io for what is not there,
/// invalid_argument for a folder without images, for other kinds of file, and for two inputs with
/// one stem; `if_of_one_name` tells what that means, "{}" in it the stem. What lies in a folder and
/// is no image gives a notice.
std::vector<Input> collect_inputs(
    const std::vector<std::string>& words, const Notice& notice = {},
    std::string_view if_of_one_name =
        "would be written as {}; predict them into different folders");
/// Of inputs that are only read, and told apart by their stems.
inline constexpr std::string_view two_of_one_name =
    "are called {}, and either could be meant; put one of them elsewhere";

/// An error that names its file: the library knows pixels, not where they are from.
std::string told_of(const Input& input, const std::string& error);

/// "b.tif: it holds 2 images": what is worth telling of a file beside the one at hand.
std::vector<std::string> told_of(const std::filesystem::path& file,
                                 const std::vector<std::string>& notes);

/// Throws Error(invalid_argument) if the folder `out` is one of `read`, or holds a file of it.
void check_apart(const std::filesystem::path& out, const std::vector<std::filesystem::path>& read);

/// Throws Error(invalid_argument) if the file is there and is not an earlier result: annotations
/// and corrected results are never replaced.
void check_own(const std::filesystem::path& file);

}  // namespace unet
