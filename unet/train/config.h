#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/fields.h"

namespace unet {

/// A table of a TOML file: `[name]` with one key per field.
struct Section {
    std::string name;
    Fields fields;
};

/// Sets the fields that the TOML text names; others keep their values. `where` names the file.
/// Throws Error(invalid_argument) with the line for broken TOML, a value of the wrong type or
/// range, and an unknown section or key, which names the nearest known one.
void read_config(const std::vector<Section>& sections, std::string_view text,
                 const std::string& where);

/// The same from a file. Throws Error(io) if it cannot be read.
void read_config(const std::vector<Section>& sections, const std::filesystem::path& path);

/// All fields with their values and help as comments: what read_config takes.
std::string config_text(const std::vector<Section>& sections);

}  // namespace unet
