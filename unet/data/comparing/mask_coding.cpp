#include "unet/data/comparing/mask_coding.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "unet/core/error.h"

namespace unet {
namespace {

bool holds_zero(const FileValues& file) { return !file.values.empty() && file.values[0] == 0; }

bool lacks_zero(const FileValues& file) { return file.values.size() == 2 && file.values[0] != 0; }

}  // namespace

FileValues values_in(const std::string& file, const LabelMap& map,
                     std::optional<std::uint32_t> ignore) {
    std::set<std::uint32_t> values;
    for (std::size_t i = 0; i < map.values.size(); ++i)
        if (i == 0 || map.values[i] != map.values[i - 1]) values.insert(map.values[i]);
    if (ignore) values.erase(*ignore);
    return {file, {values.begin(), values.end()}};
}

std::string check_mask_coding(std::span<const FileValues> files, LabelKind kind,
                              const std::string& where) {
    const auto odd = std::find_if(files.begin(), files.end(), lacks_zero);
    auto other = std::find_if(files.begin(), files.end(), [](const FileValues& file) {
        return holds_zero(file) && file.values.size() > 1;
    });
    if (other == files.end()) other = std::find_if(files.begin(), files.end(), holds_zero);
    if (odd == files.end() || other == files.end()) return {};
    constexpr std::size_t most_listed = 8;
    const auto listed = std::span(other->values).first(std::min(other->values.size(), most_listed));
    const std::string found = fmt::format(
        "{} of {} label maps hold two values and no 0 ({}: {}), others hold 0 ({}: {}{}): {} may "
        "be background in the one and an object or class in the other",
        std::count_if(files.begin(), files.end(), lacks_zero), files.size(), odd->file,
        fmt::join(odd->values, ", "), other->file, fmt::join(listed, ", "),
        listed.size() < other->values.size() ? ", ..." : "", odd->values[0]);
    const bool masks = std::all_of(files.begin(), files.end(),
                                   [](const FileValues& file) { return file.values.size() <= 2; });
    if (masks && kind == LabelKind::binary)
        fail(ErrorCode::invalid_argument,
             "{}: {}; save all masks with 0 for background, or say that they are classes "
             "(`labels` classes)",
             where, found);
    return masks || kind != LabelKind::classes ? found : std::string();
}

}  // namespace unet
