#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/evaluate/confusion.h"
#include "unet/evaluate/rand_pairs.h"
#include "unet/evaluate/warping_error.h"

namespace unet {

/// What is counted at one threshold of a proposal; counts of slices and images add up. Pixels are
/// inside where the probability is above the threshold; segments are pieces of the inside whose
/// pixels share edges, slice by slice.
struct Isbi2012Counts {
    double threshold = 0.5;
    ClassPixels inside = {};
    std::int64_t pixels = 0;
    std::int64_t slices = 0;
    RandPairs pairs = {};
    RandPairs thinned_pairs = {};  ///< after thinning
    /// Over slices: 1 - Rand index, variation of information; after thinning V_rand, V_info and the
    /// two parts of V_info.
    double rand_error_sum = 0.0, variation_sum = 0.0;
    double v_rand_sum = 0.0, v_info_sum = 0.0, v_info_split_sum = 0.0, v_info_merge_sum = 0.0;
    WarpingErrors warping = {};

    double wrong_pixels() const;  ///< share of all
    double pixel_precision() const;
    double pixel_recall() const;
    double pixel_f1() const;
    double rand_error() const { return per_slice(rand_error_sum); }
    double variation() const { return per_slice(variation_sum); }
    double v_rand() const { return per_slice(v_rand_sum); }
    double v_info() const { return per_slice(v_info_sum); }

    /// A sum's mean over slices; 0 without a slice.
    double per_slice(double sum) const;
    Isbi2012Counts& operator+=(const Isbi2012Counts& other);
};

/// The figures of the ISBI 2012 challenge (segmentation of neuronal structures in EM stacks), each
/// at the threshold where it is best, as the organisers' program defines them. Definitions:
/// Arganda-Carreras et al. 2015, Frontiers in Neuroanatomy 9:142; of the first board (pixel, Rand,
/// warping error, as in table 1 of the U-Net paper) the challenge's page.
struct Isbi2012Scores {
    std::vector<Isbi2012Counts> thresholds;  ///< of one pass; not empty

    /// 1 - largest F1 of the inside's pixels.
    double pixel_error() const { return 1.0 - best_pixels().pixel_f1(); }
    /// 1 - largest F1 of the pairs of pixels.
    double rand_error() const { return 1.0 - best_pairs().pairs.f1(); }
    /// Smallest share of pixels that split or merge objects, of the thresholds with a pixel above.
    double warping_error() const { return best_warping().warping.split_and_merge_error(); }
    /// Largest means over slices.
    double v_rand() const { return best_v_rand().v_rand(); }
    double v_info() const { return best_v_info().v_info(); }

    /// The first of the best thresholds.
    const Isbi2012Counts& best_pixels() const;
    const Isbi2012Counts& best_pairs() const;
    const Isbi2012Counts& best_warping() const;
    const Isbi2012Counts& best_v_rand() const;
    const Isbi2012Counts& best_v_info() const;

    /// Throws Error(invalid_argument) where the thresholds differ.
    Isbi2012Scores& operator+=(const Isbi2012Scores& other);
};

/// 0, 0.1, ..., 1: those of the challenge.
std::vector<double> isbi2012_thresholds();

/// Compares probabilities of lying inside an object (one channel, 0 .. 1) with the truth, whose 0
/// is membrane; pixels of equal other value that share edges are one true segment.
/// Throws Error: shape_mismatch if sizes differ or there are several channels, unsupported for a
/// probability that is not a number from 0 to 1. `name` begins the message.
Isbi2012Scores score_isbi2012(const Image& probabilities, const LabelMap& truth,
                              const std::vector<double>& thresholds = isbi2012_thresholds(),
                              const std::string& name = "prediction");

/// The same for labels, read as the truth is: there is nothing to threshold, so there is one entry,
/// at 0.5.
Isbi2012Scores score_isbi2012(const LabelMap& predicted, const LabelMap& truth,
                              const std::string& name = "prediction");

struct Isbi2012Image {
    std::string name;
    Isbi2012Scores scores;
};

/// The comparison of a data set: totals over all slices, and every image or stack.
struct Isbi2012Evaluation {
    Isbi2012Scores totals;
    std::vector<Isbi2012Image> images;
    std::vector<std::string> notes;  ///< as those of Evaluation

    /// Appends and adds up. Throws as Isbi2012Scores::operator+=.
    void add(const std::string& name, Isbi2012Scores scores);
};

/// Keys in lower case, totals at the top: kind ("isbi2012"), slices, pixel_error, rand_error,
/// warping_error, v_rand, v_rand_split, v_rand_merge, v_info, v_info_split, v_info_merge, the
/// threshold of each as pixel_threshold and so on, by_threshold, then the same for each entry of
/// images, with its name. Figures that are not defined are null.
nlohmann::ordered_json to_json(const Isbi2012Evaluation& evaluation);

}  // namespace unet
