#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "unet/pixels/turn.h"

namespace unet {

/// Things worth telling the user; may be empty.
using Notice = std::function<void(const std::string&)>;

/// What a table says that an image is for.
enum class Part { any, train, validation };

/// An image and its label map.
struct Pair {
    std::string name;  ///< the image's file name without its ending
    std::filesystem::path image, label;
    std::string group;  ///< never divided between training and validation
    Part part = Part::any;
    Turn label_turn{};  ///< of the labels onto the image (Overlay); none until somebody asks
};

/// A file, or a row of a table, that cannot be used.
struct FileFault {
    std::filesystem::path file;
    std::string what;  ///< the whole sentence, with the place
};

/// The files of a data set: those that belong together and those that are left over.
struct Pairing {
    std::vector<Pair> pairs;                         ///< by name
    std::filesystem::path images, labels;            ///< folders; empty for a table or stacks
    std::vector<std::filesystem::path> lone_images;  ///< without a label
    std::vector<std::filesystem::path> lone_labels;  ///< without an image
};

/// A file name without its ending; "a.ome.tif" and "a.nii.gz" give "a", and "a.zarr/labels/cells"
/// gives "a_labels_cells".
std::string stem_of(const std::filesystem::path& path);

/// Finds the pairs of a data set, sorted by name:
/// - `images` a folder with a table list.csv (see list.h), or else with images/ and labels/ (or
///   masks/); `labels` empty;
/// - both folders, or both files (two stacks, one pair).
/// Files pair up by stem ("a.png" and "a.tif"). Files that are no images are passed over; labels
/// without an image, and a list.csv without a column `image`, give a notice. Images without a label
/// are an error, or with `labelled_only` a notice. `split`: only the rows of list.csv with this
/// word in their column split ("test"); empty: those that train or validate. Throws Error(io) for
/// what does not exist, Error(invalid_argument) for an empty folder, unmatched images or two files
/// of one stem.
std::vector<Pair> find_pairs(const std::filesystem::path& images,
                             const std::filesystem::path& labels, bool labelled_only,
                             const Notice& notice, const std::string& split = {});

/// A name for each of several files: its stem, or where others have that too, with the folders
/// above it as far as they are needed: "plate 1_w0" and "plate 2_w0".
std::vector<std::string> names_of(const std::vector<std::filesystem::path>& files);

/// As find_pairs, but what does not match is part of the result, and two files of one stem (the
/// first by name is taken) and rows of a table are told in `faults` instead of being errors.
Pairing pair_up(const std::filesystem::path& images, const std::filesystem::path& labels,
                std::vector<FileFault>& faults, const Notice& notice);

}  // namespace unet
