#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "inputs.h"
#include "unet/unet.h"

namespace unet::cli {

/// What tells a file from another one under its name: bytes and time of change.
nlohmann::ordered_json identity_of(const std::filesystem::path& path);

/// `OUT/.unfinished`: the tiles of predictions that are not finished, and which images are.
/// It is there from the begin of `unet predict --resume` or `--part` to its end.
class Unfinished {
public:
    /// `flags`: what a result depends on beside model and program.
    Unfinished(const std::filesystem::path& out, const Model& model, nlohmann::ordered_json flags);

    /// The folder for tiles of an image and kind, and the edge that they are cut with: `edge`, or
    /// that of those who began. Throws Error(invalid_argument) if they had another kernel table,
    /// model, program, flags, or another file under that name.
    struct Place {
        std::filesystem::path folder;
        std::int64_t edge;
    };
    Place begin(const Input& input, const char* kind, std::int64_t edge) const;

    /// True for one of all programs whose shares of an image's tiles made it complete: it writes
    /// it.
    bool claim(const Input& input) const;
    /// An image is finished: `entry` says what was written. Its tiles are dropped.
    void finish(const Input& input, const nlohmann::ordered_json& entry) const;
    /// The entry of an image that an earlier run finished and whose files are there; else null.
    nlohmann::ordered_json finished(const Input& input) const;

    /// Removes what killed runs left of a result under temporary names.
    static void remove_leftovers(const std::filesystem::path& file);

    /// Forgets these images, and the folder where nothing else is in it.
    void clear(const std::vector<Input>& inputs) const;
    /// Forgets everything: no other program is at work.
    void clear() const;

private:
    nlohmann::ordered_json about(const Input& input) const;
    std::filesystem::path folder_of(const Input& input) const;

    std::filesystem::path folder_;
    nlohmann::ordered_json run_;
};

}  // namespace unet::cli
