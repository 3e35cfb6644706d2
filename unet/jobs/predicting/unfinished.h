#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "unet/jobs/identity.h"
#include "unet/jobs/lock_file.h"
#include "unet/jobs/predicting/predicted_image.h"
#include "unet/model/model.h"

namespace unet {

/// `OUT/.unfinished/NAME`: what is kept of one image while it is not finished, and of a finished
/// one until all are. As long as this object is there its program is at work on the image; what is
/// kept is removed only by the last program that is.
class UnfinishedImage {
public:
    /// `about`: all that a result depends on, beside where it is cut.
    UnfinishedImage(std::filesystem::path folder, nlohmann::ordered_json about);
    /// Leaves nothing behind where nothing was kept.
    ~UnfinishedImage();

    /// The folder for tiles of a kind, and the edge that they are cut with: `edge`, or that of
    /// those who began. Throws Error(invalid_argument) if they had another kernel table, model,
    /// program, settings, or another file under that name.
    struct Place {
        std::filesystem::path folder;
        std::int64_t edge;
    };
    Place begin(const Input& input, const char* kind, std::int64_t edge) const;

    /// To be asked by those whose shares of the tiles made it complete. Empty: this program writes
    /// the result, and no other does until this object goes. Else who does.
    std::string write() { return lock_.write(); }
    /// The image is finished. Its tiles are dropped.
    void finish(const PredictedImage& image) const;
    /// What was written of the same input with the same settings, where its files are there.
    std::optional<PredictedImage> finished() const;
    /// Forgets all of it, where no other program is at work on it.
    void forget();

private:
    std::filesystem::path folder_;
    nlohmann::ordered_json about_;
    LockFile lock_;
};

/// What a prediction that can go on (PredictSettings::resume, part) keeps in `OUT/.unfinished`.
class Unfinished {
public:
    /// `settings`: what a result depends on beside model and program (lasting_settings()).
    Unfinished(const std::filesystem::path& out, const Model& model,
               const kernels::Backend& backend, nlohmann::ordered_json settings);

    std::unique_ptr<UnfinishedImage> at_work(const Input& input, const Identity& identity) const;
    /// All images of a run are done: forgets those of them that are finished.
    void forget(const std::vector<Input>& inputs) const;

    /// Removes what killed runs on this machine left of a result under temporary names.
    static void remove_leftovers(const std::filesystem::path& file);

private:
    std::filesystem::path folder_;
    nlohmann::ordered_json run_;  ///< what the results of all images depend on
};

}  // namespace unet
