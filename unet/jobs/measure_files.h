#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/jobs/each_input.h"

namespace unet {

struct MeasureSettings {
    std::string labels;   ///< a label map, or a folder of them
    std::string image;    ///< what objects are bright or dark in, a file or a folder; empty: none
    std::string out;      ///< the table; ends in .csv
    std::string geojson;  ///< outlines: a file that ends so, or a folder; empty: none
    std::string pages;    ///< slices of stacks, "0-2,5"; empty: all
    std::string channel;  ///< channels of the image; empty: all
    std::string series;   ///< of files that hold several images (ReadOptions)
    std::string
        spacing;  ///< size of a pixel instead of what files say, "0.65um"; empty: as they say
    bool pieces = false;     ///< number what hangs together by its edges first
    bool volume = false;     ///< a stack is one volume, else every slice is for itself
    bool by_pixels = false;  ///< the image lies over the labels as it is stored (Overlay)
};

/// Of the objects of a label map.
struct MeasuredAreas {
    double total = 0.0, median = 0.0, mean = 0.0;
};

/// What was measured on one label map, in short; the table has its objects.
struct MeasuredFile {
    std::filesystem::path labels, image;  ///< `image` empty: none
    std::size_t objects = 0;
    MeasuredAreas pixels;    ///< areas; of volumes voxels
    std::string unit;        ///< of length; empty where the size of a pixel is not known
    MeasuredAreas physical;  ///< in squares of `unit`, of volumes cubes
    std::vector<std::string> notes;
};

struct MeasuredFiles : InputResults<MeasuredFile> {
    std::vector<std::string> passed_over{};  ///< in folders, as sentences
    std::string table{}, geojson{};          ///< that were written; empty: not
};

/// Measures every object of every label map: `unet measure`. A label map
/// that fails does not stop the others; nothing is written where all fail. Two files are
/// a pair of labels and image whatever they are called, folders pair up by name. Throws Error: as
/// collect_inputs; invalid_argument, before anything is measured, for settings that do not fit each
/// other and for label maps without an image; io.
MeasuredFiles measure_files(const MeasureSettings& settings, const JobHooks& hooks = {});

}  // namespace unet
