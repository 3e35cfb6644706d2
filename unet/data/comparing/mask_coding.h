#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"

namespace unet {

/// Label values that one file of a set holds, in order, without those that take no part.
struct FileValues {
    std::string file;
    std::vector<std::uint32_t> values;
};
FileValues values_in(const std::string& file, const LabelMap& map,
                     std::optional<std::uint32_t> ignore);

/// Masks of one set that are coded in two ways: some hold two values and no 0 (1 and 2, as ilastik
/// writes them), others hold 0, so that 1 is background in the one and foreground in the other. A
/// mask of one value, all foreground, is none of these. Throws Error(invalid_argument) that begins
/// with `where` and lists both, where all files are masks and `kind` is binary; else the same as
/// a note, which is empty where there is nothing to say: of classes of which some hold more than
/// two, or where all files agree.
std::string check_mask_coding(std::span<const FileValues> files, LabelKind kind,
                              const std::string& where);

}  // namespace unet
