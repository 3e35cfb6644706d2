#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "terminal/progress.h"
#include "unet/unet.h"

namespace unet::cli {

/// Messages of the library for JSON, with flags in place of settings.
nlohmann::ordered_json notes_json(const std::vector<std::string>& notes);

/// What is told about images, each thing once an image however many kinds are predicted. The first
/// few notes go to stderr, the rest is counted; JSON has all.
class Notes {
public:
    explicit Notes(Progress& progress) : progress_(progress) {}

    /// Notes are on this image from now on.
    void begin(const std::filesystem::path& image);
    void say(const std::string& text);
    /// Says what was passed over in folders, before any image, and keeps it in `told` for JSON.
    Notice of_folders(std::vector<std::string>& told);
    /// Says how many were not printed.
    void end();

private:
    Progress& progress_;
    std::string image_;
    std::vector<std::string> of_image_;
    int told_ = 0;
};

}  // namespace unet::cli
