#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// What `unet data` takes besides a recipe.
struct DataFlags {
    std::string out;
    bool json = false;
    std::int64_t count = 12;

    AnnotationFormat format = AnnotationFormat::detect;
    std::string images, classes, region = "Region*", colours;
    bool link = false, nuclei = false, fill_crossings = false;
    std::string series;
    LabelsChoice labels = LabelsChoice::detect;
    std::int64_t ignore = -1;
    bool by_pixels = false;
};

// What `unet data` does; each returns the exit status.
int show_data(TrainOptions options, const std::vector<std::string>& operands,
              const DataFlags& flags);
int import_data(const std::string& annotations, const DataFlags& flags);
int export_data(const std::string& labels, const DataFlags& flags);

}  // namespace unet::cli
