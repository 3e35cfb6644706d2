#include "unet/jobs/outline_files.h"

#include "unet/annotation/geojson.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

bool is_file_name(const fs::path& target) { return target.extension() == ".geojson"; }

}  // namespace

void OutlineFiles::add(const std::string& stem, const LabelMap& labels,
                       const std::vector<std::int64_t>& slices) {
    texts_.emplace_back(stem, geojson_of(outlined_objects(labels, slices)));
}

void OutlineFiles::write(const fs::path& target) const {
    const fs::path folder = is_file_name(target) ? target.parent_path() : target;
    if (!folder.empty()) create_folder(folder);
    for (const auto& [stem, text] : texts_)
        write_file_atomically(is_file_name(target) ? target : target / (stem + ".geojson"), text);
}

void check_outline_name(const fs::path& target, std::size_t maps) {
    if (is_file_name(target) && maps > 1)
        fail_setting(
            "geojson", ErrorCode::invalid_argument,
            "`geojson` {}: found one file for {} label maps, expected a folder, in which each "
            "gets its own",
            target.string(), maps);
    if (is_file_name(target) && fs::is_directory(target))
        fail_setting("geojson", ErrorCode::invalid_argument,
                     "`geojson`: {} is a folder, expected the name of a file", target.string());
    if (!is_file_name(target) && maps == 1 && !fs::is_directory(target))
        fail_setting(
            "geojson", ErrorCode::invalid_argument,
            "`geojson`: found {}, expected a name that ends in .geojson, or a folder that is "
            "there",
            target.string());
    if (!is_file_name(target) && fs::exists(target) && !fs::is_directory(target))
        fail_setting("geojson", ErrorCode::invalid_argument,
                     "`geojson`: {} is a file, expected a folder", target.string());
}

}  // namespace unet
