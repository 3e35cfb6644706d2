#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/evaluate/aji.h"
#include "unet/evaluate/bootstrap.h"
#include "unet/evaluate/confusion.h"
#include "unet/evaluate/det.h"
#include "unet/evaluate/matching.h"
#include "unet/evaluate/object_errors.h"
#include "unet/evaluate/object_sizes.h"
#include "unet/evaluate/seg.h"
#include "unet/evaluate/surface.h"

namespace unet {

/// How a prediction is compared with the truth.
struct EvaluateOptions {
    /// instances: objects are matched, and foreground (any object) is compared by pixels;
    /// classes: pixels by class index; binary: as classes, every value but 0 being class 1.
    LabelKind kind = LabelKind::instances;
    /// True value of pixels that do not count.
    std::optional<std::uint32_t> ignore = std::nullopt;
    /// IoU thresholds of the matching; `ap` is the mean over them.
    std::vector<double> thresholds{0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95};
    /// Every slice of a stack is an image by itself (an object that runs through five slices
    /// counts five times); otherwise objects are volumes.
    bool slicewise = true;
    /// How surfaces are measured; nothing: they are not, which saves most of the time.
    std::optional<SurfaceOptions> surface = std::nullopt;
    /// Pixels below which an object is small, and medium; nothing: thirds of the true objects.
    std::optional<std::array<std::int64_t, 2>> size_limits = std::nullopt;
    /// Names of classes 0, 1, ... for reports; may be shorter than the classes that occur.
    std::vector<std::string> class_names = {};
};

/// What is counted when a prediction is compared with the truth; counts of images add up. Figures
/// that are not defined for what was counted are absent.
struct Scores {
    Confusion confusion;
    std::vector<MatchCounts> matches;  ///< by threshold; empty unless instances
    SegSum seg_sum;
    DetCounts detections;
    AjiSum aji_sum, aji_plus_sum;
    SizedObjects objects;
    ObjectErrors errors;
    std::vector<SurfaceSum> surfaces;  ///< by class, nothing of class 0; empty unless asked for

    /// At IoU 0.5; absent unless 0.5 is one of the thresholds.
    std::optional<double> f1() const;
    std::optional<double> precision() const;
    std::optional<double> recall() const;
    /// Mean of MatchCounts::accuracy() over the thresholds.
    std::optional<double> ap() const;
    /// Panoptic quality at IoU 0.5, as f1().
    std::optional<double> pq() const;
    /// Cell Tracking Challenge SEG and DET.
    std::optional<double> seg() const { return seg_sum.seg(); }
    std::optional<double> det() const { return detections.det(); }
    /// Aggregated Jaccard index, and with pairs one to one.
    std::optional<double> aji() const { return aji_sum.aji(); }
    std::optional<double> aji_plus() const { return aji_plus_sum.aji(); }
    /// Mean over the foreground classes; for instances that is objects against background.
    std::optional<double> iou() const { return confusion.iou(); }
    std::optional<double> dice() const { return confusion.dice(); }
    std::optional<double> pixel_error() const { return confusion.pixel_error(); }
    /// Means over the foreground classes that have a figure.
    std::optional<double> hd95() const;
    std::optional<double> assd() const;
    std::optional<double> surface_dice() const;
    /// The counts at a threshold, to within 1e-9; null if there are none.
    const MatchCounts* at_iou(double threshold) const;

    Scores& operator+=(const Scores& other);
};

struct ImageScores {
    std::string name;
    Scores scores;
};

/// The comparison of a data set: totals over all pixels and objects, and every image.
struct Evaluation {
    EvaluateOptions options;
    Scores totals;
    std::vector<ImageScores> images;
    /// Of the totals, where somebody computed them: bootstrap_intervals().
    std::vector<FigureInterval> intervals;
    std::vector<std::string>
        notes;  ///< what was concluded of the files; in the JSON where there are
};

/// Compares one prediction with its truth.
/// Throws Error(shape_mismatch) if the sizes differ; `name` begins the message.
Scores evaluate_pair(const LabelMap& predicted, const LabelMap& truth,
                     const EvaluateOptions& options, const std::string& name = "prediction");

/// evaluate_pair with `evaluation.options`, added to its images and totals.
void accumulate(Evaluation& evaluation, const std::string& name, const LabelMap& predicted,
                const LabelMap& truth);

/// Name of a class in reports: of the options, else what its index means.
std::string class_name(const EvaluateOptions& options, std::size_t index);

/// Keys in lower case, totals at the top: kind, (instances:) f1, precision, recall, ap, pq, seg,
/// det, aji, aji_plus, n_true, n_predicted, errors, (all:) iou, dice, pixel_error, pixels,
/// by_threshold, classes, then the same for each entry of images, with its name. Absent figures are
/// null.
nlohmann::ordered_json to_json(const Evaluation& evaluation);

}  // namespace unet
