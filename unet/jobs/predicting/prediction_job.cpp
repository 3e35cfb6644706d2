#include "unet/jobs/predicting/prediction_job.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/byte_size.h"
#include "unet/data/comparing/overlay.h"
#include "unet/image/image_path.h"
#include "unet/image/read_series.h"
#include "unet/predict/tile_store.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::int64_t output_bytes(const FileShape& shape, const Format& format) {
    const std::int64_t sample = shape.type == SampleType::u8    ? 1
                                : shape.type == SampleType::u16 ? 2
                                                                : 4;
    const std::int64_t full = shape.channels * shape.size.elements() * sample;
    return format.smaller_copies ? full + full / 3 : full;
}

}  // namespace

PredictionJob::PredictionJob(const PredictSettings& settings, const std::vector<Input>& inputs,
                             const Share& shares, const Model& model)
    : out(settings.out),
      table(settings.table),
      overlay(settings.overlay),
      kinds(parse_kinds(settings.what, model)),
      files(*settings.format, settings.bits, kinds, model, static_cast<int>(settings.threads)),
      reading(read_options_of(settings.stacks)),
      threads(static_cast<int>(settings.threads)),
      share(shares),
      tile(tile_of(settings)),
      usual_kind_(parse_kinds("", model)[0]),
      where_file_(image_path(settings.where)),
      format_(*settings.format) {
    if (settings.resume || share.of > 1)
        unfinished.emplace(out, model, kernels::cpu_backend({}, settings.precision),
                           lasting_settings(settings));
    const bool logits = has(PredictionKind::logits);
    if (logits && settings.average != Averaging::none)
        fail_setting("average", ErrorCode::invalid_argument,
                     "`average` {} averages probabilities; logits have no mean of their own: ask "
                     "for `what` probabilities",
                     to_string(settings.average));
    if (!settings.where.empty()) {
        if (logits)
            fail_setting("where", ErrorCode::invalid_argument,
                         "`where`: logits have no background that could stand outside the mask: "
                         "ask for `what` probabilities");
        mask.emplace(where_file_);
        ReadOptions of_mask = read_series(reading.series);
        of_mask.by_pixels = settings.stacks.by_pixels;
        Overlay laid(of_mask);
        for (const Input& input : inputs) of_mask = laid.place(input.path, where_file_);
        notes = laid.notes();
        where = std::make_unique<FileSource>(where_file_, of_mask, threads, FileUse::labels);
        if (where->channels() != 1)
            fail_setting("where", ErrorCode::shape_mismatch,
                         "{}: the mask has {} channels, expected one whose pixels are 0 where "
                         "nothing is wanted",
                         where_file_.string(), where->channels());
    }
    if (!settings.max_ram.empty()) most_memory_ = parse_bytes(settings.max_ram, "max_ram");
}

bool PredictionJob::has(PredictionKind kind) const {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void PredictionJob::check(const std::vector<Input>& inputs) const {
    std::vector<fs::path> read;
    for (const Input& input : inputs) read.push_back(input.path);
    if (where) read.push_back(where_file_);
    for (const PredictionKind kind : kinds) {
        check_apart(folder_of(kind), read);
        for (const Input& input : inputs) check_own(file_of(kind, input));
    }
    if (overlay) check_apart(out / "overlay", read);
}

void PredictionJob::create_folders() const {
    for (const PredictionKind kind : kinds) create_folder(folder_of(kind));
    if (overlay) create_folder(out / "overlay");
    if (table.has_parent_path()) create_folder(table.parent_path());
}

std::vector<std::string> PredictionJob::mask_notes() const {
    return where ? told_of(where_file_, where->notes()) : std::vector<std::string>();
}

bool PredictionJob::is_drawn(PredictionKind kind) const {
    return (overlay || !table.empty()) && is_labels(kind);
}

PredictionKind PredictionJob::drawn_kind() const {
    if (has(PredictionKind::objects)) return PredictionKind::objects;
    return has(PredictionKind::labels) ? PredictionKind::labels : usual_kind_;
}

std::int64_t PredictionJob::ResultFootprint::window_bytes(const Size3& core) const {
    return (files_ ? files_->sink_bytes(shape_, core) : 0) +
           (keeps_tiles_ ? TileFolder::bytes(core.elements() * shape_.channels) : 0);
}

PredictionJob::ResultFootprint PredictionJob::footprint(PredictionKind kind,
                                                        const FileShape& shape) const {
    return {is_drawn(kind) ? nullptr : &files, shape, unfinished.has_value()};
}

ImagePlan PredictionJob::plan(Predictor& predictor, const Input& input, FileSource& source) const {
    ImagePlan plan{input, source.size()};
    predictor.predict_where(where.get());
    const std::int64_t pixels = source.size().elements();
    const std::int64_t maps =
        std::count_if(kinds.begin(), kinds.end(), [&](auto kind) { return is_drawn(kind); });
    plan.held_whole = maps > 0;
    // One that is kept to be drawn, and the one at hand.
    plan.fixed_bytes = memory_before_ + std::min<std::int64_t>(maps, 2) * pixels *
                                            std::int64_t{sizeof(std::uint32_t)};
    if (overlay) plan.fixed_bytes += (source.channels() * 8 + 3) * pixels;
    // What allocators, packers and decoders take beside what is asked of them: about `usual_extra`,
    // never as much as `most_extra`.
    constexpr std::int64_t usual_extra = std::int64_t{2} << 20, most_extra = std::int64_t{8} << 20;
    // Allocators keep some of what looking for the size of objects took, and not always use it
    // again.
    const std::int64_t looking = predictor.least_looking_bytes(source);
    const std::int64_t extra = looking > 0 ? 2 * most_extra : most_extra;
    const std::int64_t rest = most_memory_ - plan.fixed_bytes - extra;
    predictor.limit_memory(most_memory_ > 0 ? std::max<std::int64_t>(rest, 1) : 0);
    plan.least_bytes = plan.fixed_bytes + extra + looking;
    check_memory(plan);
    plan.shown = predictor.look_at(source);
    for (const PredictionKind kind : kinds) {
        const FileShape shape = files.shape_of(kind, source, input);
        files.check(shape, file_of(kind, input));
        const ResultFootprint sink = footprint(kind, shape);
        const std::int64_t least = predictor.least_bytes(source, kind, sink);
        plan.least_bytes = std::max(plan.least_bytes, plan.fixed_bytes + extra + least);
        predictor.limit_memory(most_memory_ > 0 ? std::max(rest, least) : 0);
        plan.kinds.push_back(
            {kind, predictor.plan(source, kind, sink), shape, output_bytes(shape, format_)});
        plan.bytes =
            std::max(plan.bytes, plan.fixed_bytes + usual_extra + plan.kinds.back().plan.bytes);
    }
    predictor.limit_memory(most_memory_ > 0 ? std::max<std::int64_t>(rest, 1) : 0);
    return plan;
}

/// What the program holds already, what is in memory as a whole and what tiles take stay below
/// `max_ram` together. Without it the first two have to be below what this machine has: Linux
/// grants more and ends the process later. (Worst cases are planned, which most images do not
/// come near: no reason to refuse one that nobody set a limit for.)
void PredictionJob::check_memory(const ImagePlan& plan) const {
    const std::int64_t most = most_memory_ > 0 ? most_memory_ : system::physical_memory();
    const std::int64_t needed = most_memory_ > 0 ? plan.least_bytes : plan.fixed_bytes;
    if (needed > most)
        fail_setting(
            most_memory_ > 0 ? "max_ram" : "", ErrorCode::memory,
            "{}{} needs at least {}, found {}{}",
            most_memory_ > 0 ? "`max_ram`: " : "memory of this machine: ", plan.input.path.string(),
            bytes_text(static_cast<double>(needed)), bytes_text(static_cast<double>(most)),
            plan.held_whole ? "; `overlay` and `table` need the whole image in memory" : "");
}

fs::path PredictionJob::folder_of(PredictionKind kind) const {
    return kinds.size() == 1 ? out : out / name_of(kind);
}

fs::path PredictionJob::file_of(PredictionKind kind, const Input& input) const {
    return folder_of(kind) / (input.stem + files.ending_for(input));
}

}  // namespace unet
