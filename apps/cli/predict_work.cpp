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

constexpr std::pair<const char*, PredictionKind> kind_names[] = {
    {"objects", PredictionKind::objects},
    {"labels", PredictionKind::labels},
    {"probabilities", PredictionKind::probabilities},
    {"logits", PredictionKind::logits},
};

const char* name_of(PredictionKind kind) {
    for (const auto& [name, value] : kind_names)
        if (value == kind) return name;
    return "";
}

/// "objects" or "objects,probabilities"; empty: what the model was trained for.
std::vector<PredictionKind> parse_kinds(const std::string& text, const Model& model) {
    if (text.empty())
        return {model.info.labels == LabelKind::instances ? PredictionKind::objects
                                                          : PredictionKind::labels};
    std::vector<PredictionKind> kinds;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        const auto* found = std::find_if(std::begin(kind_names), std::end(kind_names),
                                         [&](const auto& entry) { return entry.first == word; });
        if (found == std::end(kind_names))
            throw UsageError(fmt::format(
                "unet predict: --what: found '{}', expected objects, labels, probabilities or "
                "logits, several with commas between",
                word));
        if (std::find(kinds.begin(), kinds.end(), found->second) == kinds.end())
            kinds.push_back(found->second);
        begin = end + 1;
    }
    return kinds;
}

bool is_labels(PredictionKind kind) {
    return kind == PredictionKind::objects || kind == PredictionKind::labels;
}

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
      format_(settings.format),
      overlay_(settings.overlay),
      kinds_(parse_kinds(settings.what, model)),
      usual_kind_(parse_kinds("", model)[0]),
      reading_(read_options_of(settings.stacks)) {
    if (settings.average != Averaging::none &&
        std::find(kinds_.begin(), kinds_.end(), PredictionKind::logits) != kinds_.end())
        throw UsageError(fmt::format(
            "unet predict: --average {} averages probabilities; logits have no mean of their "
            "own: ask for --what probabilities",
            to_string(settings.average)));
    for (const PredictionKind kind : kinds_)
        if (format_ == ResultFormat::nifti && !is_labels(kind))
            throw UsageError(fmt::format(
                "unet predict: --format nifti holds objects and labels, found --what {}: write "
                "it as tif",
                name_of(kind)));
    if (!settings.max_ram.empty())
        most_memory_ = parse_bytes(settings.max_ram, "unet predict: --max-ram");
    if (model.info.labels != LabelKind::instances) colours_ = model.info.class_colours;
}

void PredictWork::check(const std::vector<Input>& inputs) const {
    std::vector<fs::path> read;
    for (const Input& input : inputs) {
        read.push_back(input.path);
        if (format_ == ResultFormat::nifti && file_kind_of(input.path) != FileKind::nifti)
            fail(ErrorCode::invalid_argument,
                 "--format nifti: {} is no NIfTI file, whose place in space the result would "
                 "have; write it as tif",
                 input.path.string());
    }
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
    return !is_labels(kind) ||
           (kind == PredictionKind::labels && format_ == ResultFormat::tif && !drawn);
}

/// What the program holds already, what is in memory as a whole and what tiles take stay below
/// --max-ram together. Without it the first two have to be below what this machine has: Linux
/// grants more and ends the process later.
void PredictWork::limit_memory(Predictor& predictor, const Input& input,
                               const FileSource& source) const {
    const std::int64_t most = most_memory_ > 0 ? most_memory_ : physical_bytes();
    // What allocators and decoders take beside what is asked of them.
    constexpr std::int64_t small_things = std::int64_t{16} << 20;
    const std::int64_t pixels = source.size().elements();
    std::int64_t taken = memory_before_ + small_things, least = 0, maps = 0;
    for (const PredictionKind kind : kinds_) {
        if (!is_streamed(kind)) ++maps;
        // Worst cases are planned, which most pictures do not come near: no reason to refuse one.
        if (most_memory_ > 0) least = std::max(least, predictor.least_bytes(source, kind));
    }
    // One that is kept to be drawn, and the one at hand.
    taken += std::min<std::int64_t>(maps, 2) * pixels * std::int64_t{sizeof(std::uint32_t)};
    if (overlay_) taken += (source.channels() * 8 + 3) * pixels;
    if (taken + least > most)
        fail(ErrorCode::memory, "{}{} needs at least {}, found {}{}",
             most_memory_ > 0 ? "--max-ram: " : "memory of this machine: ", input.path.string(),
             bytes_text(static_cast<double>(taken + least)), bytes_text(static_cast<double>(most)),
             maps > 0 ? "; objects, --overlay and --table need the whole picture in memory: "
                        "--what labels or probabilities does not"
                      : "");
    if (most_memory_ > 0) predictor.limit_memory(most_memory_ - taken);
}

void PredictWork::stream(Predictor& predictor, FileSource& source, PredictionKind kind,
                         const fs::path& file) const {
    FileShape shape{.size = source.size(), .spacing = source.spacing()};
    if (kind == PredictionKind::labels) {
        shape.type = SampleType::u16;
        shape.colour_map = label_colour_map(colours_);
    } else {
        shape.channels = predictor.model().network.classes;
    }
    ImageFileSink sink(file, shape);
    predictor.predict(source, kind, sink);
    sink.finish();
}

Json PredictWork::predict(Predictor& predictor, const Input& input) {
    FileSource source(input.path, reading_);
    limit_memory(predictor, input, source);
    Json entry{{"input", input.path.string()}};
    std::optional<LabelMap> drawn;  // for overlay and table
    PredictionKind drawn_kind = usual_kind_;
    for (const PredictionKind kind : kinds_) {
        const fs::path file = file_of(kind, input);
        if (is_streamed(kind)) {
            stream(predictor, source, kind, file);
        } else {
            LabelMap map = labels_of(predictor, source, kind);
            write_map(file, map, kind, input);
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
    const bool packed = input.path.extension() == ".gz";
    const char* ending = format_ == ResultFormat::tif ? ".tif" : packed ? ".nii.gz" : ".nii";
    return folder_of(kind) / (input.stem + ending);
}

void PredictWork::write_map(const fs::path& file, const LabelMap& map, PredictionKind kind,
                            const Input& input) const {
    if (format_ == ResultFormat::nifti)
        write_labels_nifti(file, map, input.path);
    else
        write_labels(file, map, kind == PredictionKind::labels ? colours_ : std::vector<Colour>());
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
