#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "unet/core/image.h"
#include "unet/model/model.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"
#include "unet/predict/objects.h"
#include "unet/predict/prediction_plan.h"
#include "unet/predict/prepared_model.h"
#include "unet/predict/tile_store.h"
#include "unet/predict/views/averaging.h"

namespace unet {

/// How an image is predicted. No option changes a bit of the result except `exact`, `precision`,
/// `average`, `scale`, `diameter`, `normalisation`, `clip` and those of objects.
struct PredictOptions {
    int threads = 0;          ///< 0: all
    std::int64_t tile = 0;    ///< edge of a tile's core in pixels, rounded up to the grid; 0: auto
    std::int64_t memory = 0;  ///< bytes that an automatic tile may take; 0: a share of what is free
    bool exact = false;       ///< direct convolution only
    kernels::Element precision = kernels::Element::float32;  ///< of tensors and weights
    Averaging average = Averaging::none;  ///< over mirrored or turned images; not of logits
    /// How many times larger the network is shown the image; results have its own size. 0: what
    /// gives it the pixels of the training images where the sizes of both are known (and differ by
    /// a tenth or more), else what brings its objects to the size of those that the model learned
    /// (where they differ by more than 1.5 times, see look_at()); 1: never.
    double scale = 0.0;
    /// How wide the objects of the image are, where `scale` is 0: in pixels, or in `diameter_unit`.
    /// 0: unknown.
    double diameter = 0.0;
    std::string diameter_unit{};  ///< of length (core/text/units.h); empty: pixels
    bool fill_holes = false;      ///< of objects: see ObjectRule
    bool drop_border = false;     ///< of objects: see ObjectRule
    bool override_normalisation = false;
    Normalisation normalisation{};  ///< used instead of the model's where the line above says so
    std::optional<double> clip{};   ///< instead of the model's Normalisation::clip
    std::function<void(std::int64_t done, std::int64_t total)> progress{};  ///< tiles, may be empty
    std::function<bool()> cancelled{};  ///< asked between tiles; true throws Error(cancelled)
    /// Things worth telling the user: channels that were repeated or averaged, an image unlike
    /// those that the model was trained on (which is looked for only where somebody listens).
    std::function<void(const std::string&)> notice{};
};

/// How the network is shown an image.
struct ShownSize {
    double diameter = 0.0;  ///< of the image's objects in its pixels, found or told; 0: unknown
    double height = 1.0, width = 1.0;  ///< times as large
};

/// Applies a trained model to images of any size from 1 x 1 up, one tile at a time, slice by slice.
///
/// Tiles carry the context that their core needs, mirrored beyond the image's border (overlap-tile,
/// Ronneberger et al. 2015, figure 2), and start on the grid of the deepest pooling level, so the
/// result equals that of the image in one piece (docs/design.md, seamless).
///
/// One call at a time per Predictor; several Predictors of one PreparedModel may run at once.
/// Memory is kept from call to call: the first image of a size and kind allocates what
/// planned_bytes() says, and the next ones nothing (without averaging).
class Predictor {
public:
    /// Keeps a copy of the weights in the backend's layout. Throws Error(invalid_argument) if an
    /// option is out of range, and as PreparedModel.
    explicit Predictor(const Model& model, PredictOptions options = {});
    /// Shares the weights. Throws Error(invalid_argument) if an option is out of range or `exact`
    /// or `precision` asks for what `model` was not prepared for.
    explicit Predictor(std::shared_ptr<const PreparedModel> model, PredictOptions options = {});
    ~Predictor();
    Predictor(Predictor&&) noexcept;

    /// Decides how the network is shown this and all following images, until it is called again:
    /// what each call that predicts does for its own image where it never was. Where nothing else
    /// says how large objects are and the model knows the size of those that it learned, the
    /// network looks at the image in several sizes (predict/size_finder.h): 3 to 15 % of the work
    /// of a large image, at most about that of two images of 512 x 512 for a small one. Throws as
    /// predict().
    ShownSize look_at(RegionSource& source);
    /// Bytes that it takes at least; 0 where it needs not look.
    std::int64_t least_looking_bytes(const RegionSource& source) const;

    /// Predicts `source` into `sink`: one channel for labels and objects, one per class for logits
    /// and probabilities. Statistics that the normalisation needs are those of the whole image.
    /// Objects are written when all of them are found (find_objects).
    /// Throws Error(shape_mismatch) if the image's channels do not suit the model,
    /// Error(unsupported) if a value is not finite, Error(cancelled), and Error(invalid_argument)
    /// for averaged logits, and for objects unless the model has two classes.
    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink);

    Image probabilities(const Image& image);
    LabelMap labels(const Image& image);
    /// Throws Error(invalid_argument) unless the model has two classes.
    LabelMap objects(const Image& image);

    /// The same into the caller's memory, one value per pixel of the source, D, H, W. Throws
    /// Error(shape_mismatch) for another number of values. objects() returns how many there are.
    void labels(RegionSource& source, std::span<std::uint32_t> labels);
    std::int64_t objects(RegionSource& source, std::span<std::uint32_t> objects);

    /// Finds the objects of `source`, which need not fit memory: what is kept of them are runs in
    /// `found`, for which write_objects() writes them. `sink`: what the sink will keep then.
    /// Throws as predict(), and Error(memory) before more than limit_memory() would be taken, since
    /// what objects take depends on the image.
    void find_objects(RegionSource& source, ObjectFinder& found, const Footprint& sink = {});

    /// Bytes that predicting an image of this size, shown as it is, allocates beyond the model, the
    /// image and the result. (Rule `image` on samples that are not 8 or 16 bit whole numbers needs
    /// a copy of all values beside.)
    std::int64_t planned_bytes(const Size3& image, PredictionKind kind) const;

    /// What predict() will take for this source and a sink that keeps `sink` bytes, within the
    /// limit of limit_memory() if even the smallest tiles fit it. Of objects usual_object_bytes()
    /// are counted, below a limit at most half of what the smallest tiles leave. After look_at():
    /// before, of the image as it is; what looking takes is not in it. Throws as
    /// predict() for what can be known before the pixels are read.
    PredictionPlan plan(const RegionSource& source, PredictionKind kind,
                        const Footprint& sink = {}) const;
    /// Bytes of that with the smallest tiles there are (or those of options.tile), and no objects;
    /// after look_at(), as plan().
    std::int64_t least_bytes(const RegionSource& source, PredictionKind kind,
                             const Footprint& sink = {}) const;

    /// From now on predict(), labels() and objects() take at most `bytes` beyond the model and the
    /// result, what source and sink keep included, in tiles as large as that allows; Error(memory)
    /// where even the smallest take more. 0: no limit.
    void limit_memory(std::int64_t bytes);

    /// From now on only pixels where `mask` is not 0 are predicted, with the result that they have
    /// without it; the others are background (class 0, its probability 1), and tiles without any
    /// are not computed (with averaging, slices). The mask has one channel, the height and width of
    /// the source, and one slice for all of the source's or as many; predict() throws
    /// Error(shape_mismatch) for another, and Error(invalid_argument) for logits. Null: all pixels.
    /// It must outlive its use.
    void predict_where(RegionSource* mask);

    /// From now on tiles that `store` has are not computed, and those that are computed are kept in
    /// it (with averaging, whole slices). Null: none. It must outlive its use.
    void keep_tiles(TileStore* store);
    /// As PredictOptions::tile, from now on: tiles are found again only where they are cut as
    /// before.
    void set_tile(std::int64_t edge);
    /// Computes the `number`-th of `of` shares of the tiles, counted from 1, into the store of
    /// keep_tiles() and writes nothing. Returns how many tiles of all shares are still missing.
    std::int64_t compute_share(RegionSource& source, PredictionKind kind, std::int64_t number,
                               std::int64_t of);

    /// Seconds that the network itself took in all calls so far; the rest of their time went into
    /// reading, normalising, objects and the sink.
    double network_seconds() const;

    /// The model without its tensors.
    const Model& model() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
