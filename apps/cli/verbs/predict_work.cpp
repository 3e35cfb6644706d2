#include "verbs/predict_work.h"

#include <algorithm>

#include "models.h"
#include "terminal/flags.h"
#include "terminal/memory.h"
#include "terminal/progress.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

LabelMap map_for(const RegionSource& source) {
    LabelMap map{source.size(), {}, source.spacing()};
    map.values.resize(map.size.elements());
    return map;
}

LabelMap labels_of(Predictor& predictor, RegionSource& source, PredictionKind kind) {
    LabelMap map = map_for(source);
    if (kind == PredictionKind::objects) {
        ObjectFinder found;
        predictor.find_objects(source, found);
        found.draw(0, map.values);
    } else {
        predictor.labels(source, map.values);
    }
    return map;
}

}  // namespace

PredictWork::PredictWork(const PredictSettings& settings, const Model& model, Notes& notes)
    : notes_(notes),
      out_(settings.out),
      table_file_(settings.table),
      where_file_(settings.where),
      overlay_(settings.overlay),
      kinds_(parse_kinds(settings.what, model)),
      usual_kind_(parse_kinds("", model)[0]),
      files_(*settings.format, settings.bits, kinds_, model, static_cast<int>(settings.threads)),
      reading_(read_options_of(settings.stacks)),
      threads_(static_cast<int>(settings.threads)),
      share_(settings.share_of_tiles),
      tile_(tile_of(settings)) {
    if (settings.resume || share_.of > 1) unfinished_.emplace(out_, model, lasting_flags(settings));
    if (settings.average != Averaging::none &&
        std::find(kinds_.begin(), kinds_.end(), PredictionKind::logits) != kinds_.end())
        throw UsageError(fmt::format(
            "unet predict: --average {} averages probabilities; logits have no mean of their "
            "own: ask for --what probabilities",
            to_string(settings.average)));
    if (!settings.where.empty()) {
        if (std::find(kinds_.begin(), kinds_.end(), PredictionKind::logits) != kinds_.end())
            throw UsageError(
                "unet predict: --where: logits have no background that could stand outside the "
                "mask: ask for --what probabilities");
        mask_.emplace(settings.where);
        where_ =
            std::make_unique<FileSource>(settings.where, ReadOptions{}, threads_, FileUse::labels);
    }
    if (!settings.max_ram.empty())
        most_memory_ = parse_bytes(settings.max_ram, "unet predict: --max-ram");
}

void PredictWork::check(const std::vector<Input>& inputs) const {
    std::vector<fs::path> read;
    for (const Input& input : inputs) read.push_back(input.path);
    if (where_) read.push_back(where_file_);
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

/// Whether a result is also needed as a whole, not only in its file.
bool PredictWork::is_drawn(PredictionKind kind) const {
    return (overlay_ || !table_file_.empty()) && is_labels(kind);
}

SinkBytes PredictWork::sink_bytes(PredictionKind kind, const FileShape& shape) const {
    const bool drawn = is_drawn(kind), kept = unfinished_.has_value();
    return [this, &shape, drawn, kept](const Size3& core) {
        return (drawn ? 0 : files_.sink_bytes(shape, core)) +
               (kept ? TileFolder::bytes(core.elements() * shape.channels) : 0);
    };
}

JobPlan PredictWork::plan(Predictor& predictor, const Input& input,
                          const FileSource& source) const {
    JobPlan job;
    predictor.predict_where(where_.get());
    const std::int64_t pixels = source.size().elements();
    std::int64_t maps = 0;
    for (const PredictionKind kind : kinds_)
        if (is_drawn(kind)) ++maps;
    job.held_whole = maps > 0;
    // One that is kept to be drawn, and the one at hand.
    job.fixed_bytes = memory_before_ + std::min<std::int64_t>(maps, 2) * pixels *
                                           std::int64_t{sizeof(std::uint32_t)};
    if (overlay_) job.fixed_bytes += (source.channels() * 8 + 3) * pixels;
    // What allocators, packers and decoders take beside what is asked of them: about `usual_extra`,
    // never as much as `most_extra`.
    constexpr std::int64_t usual_extra = std::int64_t{2} << 20, most_extra = std::int64_t{8} << 20;
    const std::int64_t rest = most_memory_ - job.fixed_bytes - most_extra;
    for (const PredictionKind kind : kinds_) {
        const FileShape shape = files_.shape_of(kind, source, input);
        files_.check(shape, file_of(kind, input));
        const SinkBytes sink = sink_bytes(kind, shape);
        const std::int64_t least = predictor.least_bytes(source, kind, sink);
        job.least_bytes = std::max(job.least_bytes, job.fixed_bytes + most_extra + least);
        predictor.limit_memory(most_memory_ > 0 ? std::max(rest, least) : 0);
        job.kinds.push_back({kind, predictor.plan(source, kind, sink), shape});
        job.bytes =
            std::max(job.bytes, job.fixed_bytes + usual_extra + job.kinds.back().plan.bytes);
    }
    predictor.limit_memory(most_memory_ > 0 ? std::max<std::int64_t>(rest, 1) : 0);
    return job;
}

/// What the program holds already, what is in memory as a whole and what tiles take stay below
/// --max-ram together. Without it the first two have to be below what this machine has: Linux
/// grants more and ends the process later. (Worst cases are planned, which most pictures do not
/// come near: no reason to refuse one that nobody set a limit for.)
void PredictWork::check_memory(const JobPlan& job, const Input& input) const {
    const std::int64_t most = most_memory_ > 0 ? most_memory_ : system::physical_memory();
    const std::int64_t needed = most_memory_ > 0 ? job.least_bytes : job.fixed_bytes;
    if (needed > most)
        fail(ErrorCode::memory, "{}{} needs at least {}, found {}{}",
             most_memory_ > 0 ? "--max-ram: " : "memory of this machine: ", input.path.string(),
             bytes_text(static_cast<double>(needed)), bytes_text(static_cast<double>(most)),
             job.held_whole ? "; --overlay and --table need the whole picture in memory" : "");
}

namespace {

/// While it is there, tiles of an image and kind are kept in the folder for unfinished ones, cut as
/// by those who began it.
class KeptTiles {
public:
    KeptTiles(const UnfinishedImage* image, Predictor& predictor, const Input& input,
              const JobPlan::Kind& each, std::int64_t usual_tile)
        : predictor_(predictor), usual_tile_(usual_tile) {
        if (!image) return;
        const auto place = image->begin(input, name_of(each.kind), each.plan.tile);
        store_.emplace(place.folder);
        predictor_.set_tile(place.edge);
        predictor_.keep_tiles(&*store_);
    }
    ~KeptTiles() {
        predictor_.keep_tiles(nullptr);
        predictor_.set_tile(usual_tile_);
    }
    KeptTiles(const KeptTiles&) = delete;
    KeptTiles& operator=(const KeptTiles&) = delete;

private:
    Predictor& predictor_;
    std::int64_t usual_tile_;
    std::optional<TileFolder> store_;
};

}  // namespace

/// How many tiles of all kinds are missing after this program's share.
std::int64_t PredictWork::compute_shares(Predictor& predictor, FileSource& source,
                                         const Input& input, const JobPlan& job) const {
    std::int64_t missing = 0;
    for (const JobPlan::Kind& each : job.kinds) {
        const KeptTiles kept(kept_.get(), predictor, input, each, tile_);
        missing += predictor.compute_share(source, each.kind, share_.number, share_.of);
    }
    check_unchanged();
    return missing;
}

void PredictWork::write_kind(Predictor& predictor, FileSource& source, const Input& input,
                             const JobPlan::Kind& each, Json& entry) {
    const KeptTiles kept(kept_.get(), predictor, input, each, tile_);
    const fs::path file = file_of(each.kind, input);
    if (kept_) Unfinished::remove_leftovers(file);
    if (each.kind == PredictionKind::objects) {
        write_found(predictor, source, input, each, file, entry);
    } else if (is_drawn(each.kind)) {
        LabelMap map = labels_of(predictor, source, each.kind);
        const std::uint32_t largest = *std::max_element(map.values.begin(), map.values.end());
        files_.write(map, files_.shape_of(each.kind, source, input, largest), file,
                     [this] { check_unchanged(); });
        if (each.kind == drawn_kind()) drawn_ = std::move(map);
    } else {
        files_.stream(predictor, source, each.kind, each.shape, file,
                      [this] { check_unchanged(); });
    }
    entry[name_of(each.kind)] = file.string();
}

/// Objects are found before the file is begun: how many there are decides its depth.
void PredictWork::write_found(Predictor& predictor, FileSource& source, const Input& input,
                              const JobPlan::Kind& each, const fs::path& file, Json& entry) {
    ObjectFinder found;
    predictor.find_objects(source, found, sink_bytes(each.kind, each.shape));
    files_.write(found, files_.shape_of(each.kind, source, input, found.count()), file,
                 [this] { check_unchanged(); });
    entry["count"] = found.count();
    tell_count(found.count());
    if (!is_drawn(each.kind)) return;
    drawn_ = map_for(source);
    found.draw(0, drawn_->values);
}

/// What overlay and table show.
PredictionKind PredictWork::drawn_kind() const {
    if (std::find(kinds_.begin(), kinds_.end(), PredictionKind::objects) != kinds_.end())
        return PredictionKind::objects;
    const auto labels = std::find_if(kinds_.begin(), kinds_.end(), is_labels);
    return labels != kinds_.end() ? *labels : usual_kind_;
}

void PredictWork::draw(Predictor& predictor, FileSource& source, const Input& input, Json& entry) {
    const PredictionKind kind = drawn_kind();
    if (!drawn_) drawn_ = labels_of(predictor, source, kind);
    check_unchanged();
    if (overlay_ && !entry.contains("overlay")) entry["overlay"] = write_overlays(input, *drawn_);
    if (!table_file_.empty())
        add_to_table(input.path.filename().string(), *drawn_, kind,
                     predictor.model().info.class_names);
}

void PredictWork::check_unchanged() const {
    image_->check();
    if (mask_) mask_->check();
}

Json PredictWork::predict(Predictor& predictor, const Input& input) {
    drawn_.reset();
    image_.emplace(input.path);
    if (unfinished_) kept_ = unfinished_->at_work(input, image_->identity());
    try {
        Json entry = predict_watched(predictor, input);
        kept_.reset();
        return entry;
    } catch (const Error&) {
        const bool changed = image_->changed() || (mask_ && mask_->changed());
        if (changed && kept_) kept_->forget();
        kept_.reset();
        if (changed) check_unchanged();  // a file that changes may look damaged
        throw;
    }
}

Json PredictWork::predict_watched(Predictor& predictor, const Input& input) {
    Json entry = kept_ ? kept_->finished() : Json();
    FileSource source(input.path, reading_, threads_);
    if (entry.is_object()) {
        if (!table_file_.empty() && entry.contains(name_of(drawn_kind())))
            drawn_ = read_labels(entry[name_of(drawn_kind())].get<std::string>());
        if (!table_file_.empty()) draw(predictor, source, input, entry);
        return entry;
    }
    entry = {{"input", input.path.string()}};
    const JobPlan job = plan(predictor, input, source);
    check_memory(job, input);
    if (share_.of > 1) {
        const std::int64_t missing = compute_shares(predictor, source, input, job);
        const std::string writer = missing == 0 ? kept_->write() : "";
        if (missing > 0) entry["missing_tiles"] = missing;
        if (!writer.empty()) entry["written_by"] = writer;
        if (missing > 0 || !writer.empty()) return entry;
        // Another one may have written it since this one began.
        if (const Json done = kept_->finished(); done.is_object()) return done;
    }
    for (const JobPlan::Kind& each : job.kinds) write_kind(predictor, source, input, each, entry);
    if (!table_file_.empty() || overlay_) draw(predictor, source, input, entry);
    if (kept_) kept_->finish(entry);
    return entry;
}

void PredictWork::forget(const std::vector<Input>& inputs) const {
    if (unfinished_) unfinished_->forget(inputs);
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
    check_unchanged();
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
