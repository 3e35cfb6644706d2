#pragma once

#include <string>

#include "unet/unet.h"

namespace unet::cli {

/// On stdout: a table, or one JSON object. `model`: the file that predicted; empty where files were
/// compared.
void print(const Evaluation& evaluation, const std::string& model, bool json);
void print(const Isbi2012Evaluation& evaluation, const std::string& model, bool json);

}  // namespace unet::cli
