#pragma once

#include <cstdint>
#include <filesystem>

#include "terminal/facts.h"
#include "unet/unet.h"

namespace unet::cli {

// What `unet info` says of each kind of thing; one file each.

/// `size` > 0 lists the shape after every layer for an input of that height and width.
Facts describe_model(const std::filesystem::path& path, std::int64_t size);
/// What `unet info --models` prints: every model that came with the program.
void print_known_models(bool json);
Facts describe_run(const std::filesystem::path& path);
/// Of what `reading` takes of a file.
Facts describe_image(const std::filesystem::path& path, const ReadSettings& reading);
Facts describe_data(const DatasetOptions& options);

/// The size of a pixel for a reader; "unknown".
std::string spacing_text(const Spacing& spacing);

}  // namespace unet::cli
