#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/normalisation.h"
#include "unet/data/dataset.h"
#include "unet/data/kinds.h"
#include "unet/data/patches.h"
#include "unet/data/targets.h"
#include "unet/data/training_pixels.h"

namespace unet {

/// The rule for a set where the user names none: `range` if all images are RGB, otherwise `image`
/// (which stretches the colours of a mixed set together).
Normalisation default_normalisation(const Dataset& set);

/// What validation may choose instead of the default: `dataset` for grey images of one channel,
/// which suits a series taken with one setting, as `image` suits images from everywhere.
std::optional<Normalisation> other_normalisation(const Dataset& set);

/// Fills in the numbers of rule `dataset` from the training images: percentiles 1 and 99.8 of all
/// values of a channel, or of the three colours together. Other rules come back unchanged.
Normalisation completed(const Normalisation& rule, const Dataset& training);

/// What patches are drawn from.
class TrainingSet {
public:
    /// Normalises, makes targets and weights, a block at a time, on all threads of `context`. What
    /// `set` holds in memory is held in memory, in its place; a set on files is read from them and
    /// kept in a file without a name in `folder`. Throws Error: see make_targets, scaling_of,
    /// pixels_on_disk; invalid_argument if no pixel counts. `kind_balance`: see draws_by_kind.
    TrainingSet(Context& context, Dataset set, const Normalisation& normalisation,
                const TargetOptions& options, const std::filesystem::path& folder = {},
                double kind_balance = 0.0);

    bool in_memory() const { return pixels_->in_memory(); }
    std::int64_t channels() const noexcept { return channels_; }
    std::int64_t classes() const noexcept { return classes_; }
    std::int64_t slices() const noexcept { return static_cast<std::int64_t>(slices_.size()); }
    /// Slice number `index` of all slices of all images, in order; of a set in memory.
    SliceView slice(std::int64_t index) const;
    /// The same for any set, of which `region` at least is there until `window` is used again.
    SliceView slice(std::int64_t index, const Region& region, SliceWindow& window) const;
    /// Height and width; depth 1.
    Size3 size_of_slice(std::int64_t index) const;
    const std::string& name_of_slice(std::int64_t index) const;
    /// w_c of every class, as used in the weight maps.
    const std::vector<double>& class_weights() const noexcept { return class_weights_; }
    /// The largest weight of a pixel.
    float most_weight() const noexcept { return most_weight_; }
    /// Kinds of images that were told apart.
    std::int64_t kinds() const noexcept { return kinds_; }
    /// Training pixels of every class.
    const std::vector<std::int64_t>& class_pixels() const noexcept { return class_pixels_; }

    /// A pixel of a slice.
    struct Place {
        std::int64_t slice, y, x;
    };
    /// Draws a slice, by the kind of its image.
    std::int64_t draw_slice(Random& random) const;
    /// Draws a class that occurs (each as likely), one of the slices that hold it (by the kinds of
    /// their images), and one of its pixels there (each as likely).
    Place draw_pixel(Random& random) const;

    /// In memory.
    std::int64_t bytes() const;

private:
    /// Where the pixels of a class are: for one slice, the number of them above each row.
    struct ClassRows {
        std::int64_t slice;
        std::vector<std::int64_t> above;  ///< height + 1 entries; the last counts all
        std::int64_t draws = 0;           ///< of this slice and those before it
    };
    void index_classes(Context& context);
    void index_draws(const Dataset& set, std::span<const LookSums> looks, double kind_balance);

    std::vector<TrainingImage> images_;
    std::unique_ptr<TrainingPixels> pixels_;
    std::vector<std::pair<std::size_t, std::int64_t>> slices_;  ///< image, z
    std::int64_t channels_ = 1;
    bool rgb_ = false;
    std::int64_t classes_ = 2;
    std::vector<std::int64_t> draws_;  ///< of slices up to each; empty: all as likely
    std::int64_t kinds_ = 1;
    std::vector<double> class_weights_;
    float most_weight_ = 0.0f;
    std::vector<std::int64_t> class_pixels_;
    std::vector<std::vector<ClassRows>> class_rows_;  ///< by class that occurs
    std::vector<std::uint8_t> occurring_;             ///< their class indices
};

}  // namespace unet
