#pragma once

#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// On stdout: which of two predictions of the same images is better, in words and as a table, or
/// one JSON object with the `notes` that the reader of a table has seen. Throws as
/// compare_evaluations().
void print_comparison(const std::string& a, const Evaluation& of_a, const std::string& b,
                      const Evaluation& of_b, const std::vector<std::string>& notes, bool json);

}  // namespace unet::cli
