#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/normalisation.h"
#include "unet/data/dataset.h"
#include "unet/data/patches.h"
#include "unet/data/targets.h"

namespace unet {

/// The rule for a set where the user names none: `range` if all images are RGB, otherwise `image`
/// (which stretches the colours of a mixed set together).
Normalisation default_normalisation(const Dataset& set);

/// What validation may choose instead of the default: `dataset` for grey images of one channel,
/// which suits a series taken with one setting, as `image` suits pictures from everywhere.
std::optional<Normalisation> other_normalisation(const Dataset& set);

/// Fills in the numbers of rule `dataset` from the training images: percentiles 1 and 99.8 of all
/// values of a channel, or of the three colours together. Other rules come back unchanged.
Normalisation completed(const Normalisation& rule, const Dataset& training);

/// An image ready for training, planar C, D, H, W and D, H, W.
struct TrainingImage {
    std::string name;
    Size3 size{};
    std::int64_t channels = 1;          ///< stored; 1 in an RGB set stands for three equal ones
    std::vector<float> image;           ///< normalised
    std::vector<std::uint8_t> targets;  ///< class index, or ignored_target
    std::vector<float> weights;
};

/// What patches are drawn from.
class TrainingSet {
public:
    /// Normalises, makes targets and weights on all threads of `context`; the pixels of `set` are
    /// taken over. Throws Error: see make_targets, scaling_of; invalid_argument if no pixel counts.
    TrainingSet(Context& context, Dataset set, const Normalisation& normalisation,
                const TargetOptions& options);

    const std::vector<TrainingImage>& images() const noexcept { return images_; }
    std::int64_t channels() const noexcept { return channels_; }
    std::int64_t classes() const noexcept { return classes_; }
    std::int64_t slices() const noexcept { return static_cast<std::int64_t>(slices_.size()); }
    /// Slice number `index` of all slices of all images, in order.
    SliceView slice(std::int64_t index) const;
    const std::string& name_of_slice(std::int64_t index) const;
    /// w_c of every class, as used in the weight maps.
    const std::vector<double>& class_weights() const noexcept { return class_weights_; }
    /// Training pixels of every class.
    const std::vector<std::int64_t>& class_pixels() const noexcept { return class_pixels_; }

    /// A pixel of a slice.
    struct Place {
        std::int64_t slice, y, x;
    };
    /// Draws a class that occurs (each as likely), one of the slices that hold it (each as likely),
    /// and one of its pixels there (each as likely).
    Place draw_pixel(Random& random) const;

    std::int64_t bytes() const;

private:
    /// Where the pixels of a class are: for one slice, the number of them above each row.
    struct ClassRows {
        std::int64_t slice;
        std::vector<std::uint32_t> above;  ///< height + 1 entries; the last counts all
    };
    void index_classes(Context& context);

    std::vector<TrainingImage> images_;
    std::vector<std::pair<std::size_t, std::int64_t>> slices_;  ///< image, z
    std::int64_t channels_ = 1, classes_ = 2;
    std::vector<double> class_weights_;
    std::vector<std::int64_t> class_pixels_;
    std::vector<std::vector<ClassRows>> class_rows_;  ///< by class that occurs
    std::vector<std::uint8_t> occurring_;             ///< their class indices
};

}  // namespace unet
