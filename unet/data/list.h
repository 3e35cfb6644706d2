#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "unet/data/pairs.h"

namespace unet {

/// Reads a table of pairs: comma (or semicolon, or tab) separated, in UTF-8 or UTF-16, a header
/// line, columns in any order:
///   image, label    paths, relative to the table's folder, as file_named() finds them
///   group           rows of one group are never divided (optional; each image on its own)
///   split           train, val or validation; other words (test) leave the row out (optional)
/// With `split` only the rows of that word are read, whatever it is ("test"; val is validation).
/// Other columns are passed over; fields may stand in double quotes. Nothing if there is no column
/// `image`. Throws Error(invalid_argument) naming the line: no column `label`, a short row, a file
/// that does not exist, an image listed twice; or no row at all. With `faults` such rows are told
/// there and left out.
std::optional<std::vector<Pair>> pairs_of_list(const std::filesystem::path& table,
                                               const std::string& split = {},
                                               std::vector<FileFault>* faults = nullptr);

}  // namespace unet
