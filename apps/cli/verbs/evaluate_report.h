#pragma once

#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// On stdout: a table, or one JSON object, with the `notes` that the reader of a table has seen.
/// `model`: the file that predicted; empty where files were compared.
void print(const Evaluation& evaluation, const std::string& model,
           const std::vector<std::string>& notes, bool json);
void print(const Isbi2012Evaluation& evaluation, const std::string& model,
           const std::vector<std::string>& notes, bool json);

}  // namespace unet::cli
