#include "unet/predict/tile_runner.h"

#include <algorithm>
#include <utility>

#include "unet/core/error.h"

namespace unet::predict {

TileRunner::TileRunner(std::shared_ptr<const PreparedModel> prepared, const PredictOptions& options,
                       Context& context)
    : prepared_(std::move(prepared)),
      options_(options),
      context_(context),
      network_(prepared_),
      average_(options.average),
      planner_(network_, average_.views(), *prepared_,
               {options.tile, options.memory, averages(),
                static_cast<std::int64_t>(context.scratch_bytes())}) {}

void TileRunner::set_tile(std::int64_t edge) {
    if (planner_.set_tile(edge)) cut_ = {};
}

void TileRunner::choose_cut(const TileJob& job) {
    const PlannedImage image{job.source.size(), &job.source};
    const bool limited = planner_.limit() > 0;
    if (!limited && cut_.image == image.size && cut_.kind == job.kind && !cut_.tilings.empty())
        return;
    const KeptFootprint kept(job.sink, mask_, image.size, job.normalising);
    cut_ = planner_.best(image, job.kind, kept);
    if (const std::int64_t needed = limited ? planner_.bytes(cut_, image, kept) : 0;
        needed > planner_.limit())
        fail(ErrorCode::memory,
             "predicting {} pixels takes {} bytes in pieces of this size, the limit is {}",
             to_string(image.size), needed, planner_.limit());
}

void TileRunner::run(const TileJob& job) {
    choose_cut(job);
    tiles_done_ = 0;
    if (averages())
        run_views(job);
    else
        run_tiles(job, cut_.tilings.front(), store_);
}

/// One row of a core from logits to what is asked for.
void TileRunner::convert_row(const LogitsRow& row, PredictionKind kind, float* result,
                             std::int64_t result_stride) const {
    if (kind == PredictionKind::probabilities ||
        (one_channel(kind) && decides_by_probabilities(row.classes, model().info)))
        softmax(row);
    if (one_channel(kind))
        decide(row, model().info, result);
    else
        for (std::int64_t k = 0; k < row.classes; ++k)
            std::copy_n(row.data + k * row.class_stride, row.pixels, result + k * result_stride);
}

std::span<float> TileRunner::convert_core(const Tile& tile, PredictionKind kind) {
    const Size3& size = tile.core.size;
    const auto result = network_.result(tile, planner_.tile_channels(kind));
    parallel_for(context_, size.depth * size.height, [&](std::int64_t line, int) {
        convert_row(network_.row(tile, line / size.height, line % size.height), kind,
                    result.data() + line * size.width, size.elements());
    });
    return result;
}

void TileRunner::check_cancelled() const {
    if (options_.cancelled && options_.cancelled())
        fail(ErrorCode::cancelled, "predict: cancelled after {} of {} tiles", tiles_done_,
             cut_.tiles);
}

void TileRunner::tell_done(std::int64_t tiles) {
    tiles_done_ += tiles;
    if (options_.progress) options_.progress(tiles_done_, cut_.tiles);
}

void TileRunner::run_tiles(const TileJob& job, const Tiling& tiling, TileStore* kept) {
    const std::int64_t channels = planner_.tile_channels(job.kind);
    network_.prepare(tiling, channels);
    for (std::int64_t t = job.part.begin(tiling.count()); t < job.part.end(tiling.count()); ++t) {
        check_cancelled();
        const Tile tile = tiling.tile(t);
        std::span<float> result = network_.result(tile, channels);
        if (kept && kept->load(tile.core, result)) {
            network_.forget_result();
        } else {
            // What a view shows stands elsewhere in the mask.
            if (!averages() && mask_.leaves_out(tile.core, tiling.image(), result))
                network_.forget_result();
            else if (network_.run(context_, job.source, job.numbers, tile))
                result = convert_core(tile, job.kind);
            if (kept) kept->save(tile.core, result);
        }
        job.sink.write(tile.core, result);
        tell_done(1);
    }
}

/// Every view of the slice goes through the network, and the mean of what comes back out.
std::span<float> TileRunner::mean_of_views(const TileJob& job, const Region& slice,
                                           std::int64_t values) {
    average_.mean(context_, job.source, slice,
                  [&](std::size_t v, RegionSource& view, RegionSink& predicted) {
                      run_tiles({view, job.numbers, PredictionKind::probabilities, predicted},
                                cut_.tilings[v], nullptr);
                  });
    const std::span<float> result = average_.room(values);
    const std::int64_t pixels = slice.size.elements();
    // Labels take the place of the first class, which is read before.
    if (one_channel(job.kind))
        decide({result.data(), classes(), pixels, pixels}, model().info, result.data());
    return result;
}

void TileRunner::run_views(const TileJob& job) {
    const Size3& image = job.source.size();
    const Size3 size{1, image.height, image.width};
    std::int64_t largest_view = 0;
    for (const Tiling& tiling : cut_.tilings)
        largest_view = std::max(largest_view, tiling.image().elements());
    average_.prepare(size, job.source.channels(), classes(), largest_view);
    const std::int64_t values = (one_channel(job.kind) ? 1 : classes()) * size.elements();
    for (std::int64_t z = job.part.begin(image.depth); z < job.part.end(image.depth); ++z) {
        const Region slice{z, 0, 0, size};
        std::span<float> result = average_.room(values);
        if (store_ && store_->load(slice, result)) {
            tell_done(cut_.tiles / image.depth);
        } else {
            if (mask_.leaves_out(slice, image, result))
                tell_done(cut_.tiles / image.depth);
            else
                result = mean_of_views(job, slice, values);
            if (store_) store_->save(slice, result);
        }
        job.sink.write(slice, result);
    }
}

std::int64_t TileRunner::missing_tiles(const Size3& shown) const {
    std::int64_t missing = 0;
    if (averages()) {
        for (std::int64_t z = 0; z < shown.depth; ++z)
            missing += store_->has({z, 0, 0, {1, shown.height, shown.width}}) ? 0 : 1;
        return missing;
    }
    const Tiling& tiling = cut_.tilings.front();
    for (std::int64_t t = 0; t < tiling.count(); ++t)
        missing += store_->has(tiling.tile(t).core) ? 0 : 1;
    return missing;
}

}  // namespace unet::predict
