#include "predict_work.h"

#include <algorithm>

#include "flags.h"
#include "memory.h"
#include "models.h"
#include "progress.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

LabelMap labels_of(Predictor& predictor, RegionSource& source, PredictionKind kind) {
    LabelMap map{source.size(), {}, source.spacing()};
    map.values.resize(static_cast<std::size_t>(map.size.elements()));
    if (kind == PredictionKind::objects)
        predictor.objects(source, map.values);
    else
        predictor.labels(source, map.values);
    return map;
}

}  // namespace

PredictWork::PredictWork(const PredictSettings& settings, const Model& model, Notes& notes)
    : notes_(notes),
      out_(settings.out),
      table_file_(settings.table),
      overlay_(settings.overlay),
      kinds_(parse_kinds(settings.what, model)),
      usual_kind_(parse_kinds("", model)[0]),
      files_(settings.format, settings.bits, kinds_, model),
      reading_(read_options_of(settings.stacks)) {
    if (settings.average != Averaging::none &&
        std::find(kinds_.begin(), kinds_.end(), PredictionKind::logits) != kinds_.end())
        throw UsageError(fmt::format(
            "unet predict: --average {} averages probabilities; logits have no mean of their "
            "own: ask for --what probabilities",
            to_string(settings.average)));
    if (!settings.max_ram.empty())
        most_memory_ = parse_bytes(settings.max_ram, "unet predict: --max-ram");
}

void PredictWork::check(const std::vector<Input>& inputs) const {
    std::vector<fs::path> read;
    for (const Input& input : inputs) read.push_back(input.path);
    for (const PredictionKind kind : kinds_) {
        check_apart(folder_of(kind), read);
        for (const Input& input : inputs) check_own(file_of(kind, input));
    }
    if (overlay_) check_apart(out_ / "overlay", read);
}

void PredictWork::create_folders() const {
    for (const PredictionKind kind : kinds_) create_folder(folder_of(kind));
    if (overlay_) create_folder(out_ / "overlay");
    if (!table_file_.empty() && table_file_.has_parent_path())
        create_folder(table_file_.parent_path());
}

/// Whether a result goes into its file a region at a time: it is not needed as a whole.
bool PredictWork::is_streamed(PredictionKind kind) const {
    const bool drawn = overlay_ || !table_file_.empty();
    return !is_labels(kind) || (kind == PredictionKind::labels && !drawn);
}

SinkBytes PredictWork::sink_bytes(PredictionKind kind, const FileShape& shape) const {
    if (!is_streamed(kind)) return {};
    return [this, &shape](const Size3& core) { return files_.sink_bytes(shape, core); };
}

JobPlan PredictWork::plan(Predictor& predictor, const Input& input,
                          const FileSource& source) const {
    JobPlan job;
    const std::int64_t pixels = source.size().elements();
    std::int64_t maps = 0;
    for (const PredictionKind kind : kinds_)
        if (!is_streamed(kind)) ++maps;
    job.held_whole = maps > 0;
    // One that is kept to be drawn, and the one at hand.
    job.fixed_bytes = memory_before_ + std::min<std::int64_t>(maps, 2) * pixels *
                                           std::int64_t{sizeof(std::uint32_t)};
    if (overlay_) job.fixed_bytes += (source.channels() * 8 + 3) * pixels;
    // What allocators and decoders may take beside what is asked of them.
    constexpr std::int64_t small_things = std::int64_t{16} << 20;
    const std::int64_t rest = most_memory_ - job.fixed_bytes - small_things;
    for (const PredictionKind kind : kinds_) {
        const FileShape shape = files_.shape_of(kind, source, input);
        const SinkBytes sink = sink_bytes(kind, shape);
        const std::int64_t least = predictor.least_bytes(source, kind, sink);
        job.least_bytes = std::max(job.least_bytes, job.fixed_bytes + small_things + least);
        predictor.limit_memory(most_memory_ > 0 ? std::max(rest, least) : 0);
        job.kinds.push_back({kind, predictor.plan(source, kind, sink), shape});
        job.bytes = std::max(job.bytes, job.fixed_bytes + job.kinds.back().plan.bytes);
    }
    predictor.limit_memory(most_memory_ > 0 ? std::max<std::int64_t>(rest, 1) : 0);
    return job;
}

/// What the program holds already, what is in memory as a whole and what tiles take stay below
/// --max-ram together. Without it the first two have to be below what this machine has: Linux
/// grants more and ends the process later. (Worst cases are planned, which most pictures do not
/// come near: no reason to refuse one that nobody set a limit for.)
void PredictWork::check_memory(const JobPlan& job, const Input& input) const {
    const std::int64_t most = most_memory_ > 0 ? most_memory_ : physical_bytes();
    const std::int64_t needed = most_memory_ > 0 ? job.least_bytes : job.fixed_bytes;
    if (needed > most)
        fail(ErrorCode::memory, "{}{} needs at least {}, found {}{}",
             most_memory_ > 0 ? "--max-ram: " : "memory of this machine: ", input.path.string(),
             bytes_text(static_cast<double>(needed)), bytes_text(static_cast<double>(most)),
             job.held_whole ? "; objects, --overlay and --table need the whole picture in memory: "
                              "--what labels or probabilities does not"
                            : "");
}

Json PredictWork::predict(Predictor& predictor, const Input& input) {
    FileSource source(input.path, reading_);
    const JobPlan job = plan(predictor, input, source);
    check_memory(job, input);
    Json entry{{"input", input.path.string()}};
    std::optional<LabelMap> drawn;  // for overlay and table
    PredictionKind drawn_kind = usual_kind_;
    for (const auto& [kind, ignored, shape] : job.kinds) {
        const fs::path file = file_of(kind, input);
        if (is_streamed(kind)) {
            files_.stream(predictor, source, kind, shape, file);
        } else {
            LabelMap map = labels_of(predictor, source, kind);
            const std::uint32_t largest = *std::max_element(map.values.begin(), map.values.end());
            files_.write(map, files_.shape_of(kind, source, input, largest), file);
            if (kind == PredictionKind::objects) {
                const std::int64_t count = count_objects(map);
                entry["count"] = count;
                tell_count(count);
            }
            if (!drawn || kind == PredictionKind::objects) {
                drawn = std::move(map);
                drawn_kind = kind;
            }
        }
        entry[name_of(kind)] = file.string();
    }
    if (!drawn && (overlay_ || !table_file_.empty()))
        drawn = labels_of(predictor, source, drawn_kind);
    if (overlay_) entry["overlay"] = write_overlays(input, *drawn);
    if (!table_file_.empty())
        add_to_table(input.path.filename().string(), *drawn, drawn_kind,
                     predictor.model().info.class_names);
    return entry;
}

void PredictWork::tell_count(std::int64_t count) {
    constexpr std::int64_t largest_16_bit = 65535;
    if (count > largest_16_bit)
        notes_.say(fmt::format(
            "{} objects need 32 bits; ImageJ shows them as floats, whose values are the ids (exact "
            "up to 16777216)",
            count));
}

fs::path PredictWork::write_table() const {
    if (table_.empty()) return {};
    write_file_atomically(table_file_, table_.text());
    return table_file_;
}

fs::path PredictWork::folder_of(PredictionKind kind) const {
    return kinds_.size() == 1 ? out_ : out_ / name_of(kind);
}

fs::path PredictWork::file_of(PredictionKind kind, const Input& input) const {
    return folder_of(kind) / (input.stem + files_.ending_for(input));
}

void PredictWork::add_to_table(const std::string& image, const LabelMap& map, PredictionKind kind,
                               const std::vector<std::string>& class_names) {
    if (kind == PredictionKind::objects)
        table_.add_objects(image, map);
    else
        table_.add_classes(image, map, class_names);
}

/// One PNG; of a stack one for each slice, numbered.
Json PredictWork::write_overlays(const Input& input, const LabelMap& map) const {
    const Image image = read_image(input.path, reading_);
    Json files = Json::array();
    for (std::int64_t z = 0; z < image.size.depth; ++z) {
        const std::string number = image.size.depth > 1 ? fmt::format("_{:04}", z) : "";
        const fs::path file = out_ / "overlay" / (input.stem + number + ".png");
        Picture picture = picture_of(image, z);
        draw_outlines(picture, map, z);
        write_picture(file, picture);
        files.push_back(file.string());
    }
    return files.size() == 1 ? files[0] : files;
}

}  // namespace unet::cli
