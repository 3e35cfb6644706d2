#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "flags.h"
#include "inputs.h"
#include "models.h"
#include "notes.h"
#include "progress.h"
#include "signals.h"
#include "table.h"
#include "verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    std::string out, what, tile = "auto", normalise, pages, table;
    std::int64_t threads = 0;
    Averaging average = Averaging::none;
    bool overlay = false, exact = false, json = false;
};

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

constexpr std::int64_t largest_16_bit = 65535;

PredictOptions options_of(const Settings& settings, Progress& progress, const std::string& label,
                          Notes& notes) {
    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    options.exact = settings.exact;
    options.average = settings.average;
    if (settings.tile != "auto")
        set_from_text({"tile", "", &options.tile, 1, 1e6}, settings.tile, "--tile");
    if (!settings.normalise.empty()) {
        options.override_normalisation = true;
        options.normalisation = parse_normalisation(settings.normalise, "--normalise");
    }
    options.cancelled = interrupted;
    options.progress = [&progress, &label](std::int64_t done, std::int64_t total) {
        progress.update(done, total, label);
    };
    options.notice = [&notes](const std::string& text) { notes.say(text); };
    return options;
}

/// Predicts images into the files that were asked for.
class Work {
public:
    Work(const Settings& settings, const Model& model, Notes& notes)
        : notes_(notes),
          out_(settings.out),
          table_file_(settings.table),
          overlay_(settings.overlay),
          kinds_(parse_kinds(settings.what, model)) {
        if (settings.average != Averaging::none &&
            std::find(kinds_.begin(), kinds_.end(), PredictionKind::logits) != kinds_.end())
            throw UsageError(fmt::format(
                "unet predict: --average {} averages probabilities; logits have no mean of their "
                "own: ask for --what probabilities",
                to_string(settings.average)));
        if (!settings.pages.empty()) pages_ = parse_pages(settings.pages, "--pages");
        if (model.info.labels != LabelKind::instances) colours_ = model.info.class_colours;
    }

    /// Nothing that is read and nothing of somebody else's may be written over.
    void check(const std::vector<Input>& inputs) const {
        std::vector<fs::path> read;
        for (const Input& input : inputs) read.push_back(input.path);
        for (const PredictionKind kind : kinds_) {
            check_apart(folder_of(kind), read);
            for (const Input& input : inputs) check_own(file_of(kind, input));
        }
        if (overlay_) check_apart(out_ / "overlay", read);
    }

    void create_folders() const {
        for (const PredictionKind kind : kinds_) create_folder(folder_of(kind));
        if (overlay_) create_folder(out_ / "overlay");
        if (!table_file_.empty() && table_file_.has_parent_path())
            create_folder(table_file_.parent_path());
    }

    /// What was written, as JSON: the input, a file for each kind, the number of objects.
    Json predict(Predictor& predictor, const Input& input) {
        const Image image = read_image(input.path, pages_);
        Json entry{{"input", input.path.string()}};
        std::optional<LabelMap> drawn;  // for overlay and table
        PredictionKind drawn_kind = parse_kinds("", predictor.model())[0];
        for (const PredictionKind kind : kinds_) {
            const fs::path file = file_of(kind, input);
            if (kind == PredictionKind::objects || kind == PredictionKind::labels) {
                LabelMap map = labels_of(predictor, image, kind);
                write_labels(file, map, kind == PredictionKind::labels ? colours_ : no_colours_);
                if (kind == PredictionKind::objects) {
                    const std::int64_t count = count_objects(map);
                    entry["count"] = count;
                    if (count > largest_16_bit)
                        notes_.say(fmt::format(
                            "{} objects need 32 bits; ImageJ shows them as floats, whose values "
                            "are the ids (exact up to 16777216)",
                            count));
                }
                if (!drawn || kind == PredictionKind::objects) {
                    drawn = std::move(map);
                    drawn_kind = kind;
                }
            } else {
                write_image(file, values_of(predictor, image, kind));
            }
            entry[name_of(kind)] = file.string();
        }
        if (!drawn && (overlay_ || !table_file_.empty()))
            drawn = labels_of(predictor, image, drawn_kind);
        if (overlay_) entry["overlay"] = write_overlays(image, *drawn, input.stem);
        if (!table_file_.empty())
            add_to_table(input.path.filename().string(), *drawn, drawn_kind,
                         predictor.model().info.class_names);
        return entry;
    }

    /// The table of what was predicted so far; none where nothing was. Returns its file.
    fs::path write_table() const {
        if (table_.empty()) return {};
        write_file_atomically(table_file_, table_.text());
        return table_file_;
    }

private:
    fs::path folder_of(PredictionKind kind) const {
        return kinds_.size() == 1 ? out_ : out_ / name_of(kind);
    }

    fs::path file_of(PredictionKind kind, const Input& input) const {
        return folder_of(kind) / (input.stem + ".tif");
    }

    static LabelMap labels_of(Predictor& predictor, const Image& image, PredictionKind kind) {
        return kind == PredictionKind::objects ? predictor.objects(image) : predictor.labels(image);
    }

    static Image values_of(Predictor& predictor, const Image& image, PredictionKind kind) {
        ImageSource source(image);
        Image result;
        ImageSink sink(result, predictor.model().network.classes, image.size);
        predictor.predict(source, kind, sink);
        result.spacing = image.spacing;
        return result;
    }

    void add_to_table(const std::string& image, const LabelMap& map, PredictionKind kind,
                      const std::vector<std::string>& class_names) {
        if (kind == PredictionKind::objects)
            table_.add_objects(image, map);
        else
            table_.add_classes(image, map, class_names);
    }

    /// One PNG; of a stack one for each slice, numbered.
    Json write_overlays(const Image& image, const LabelMap& map, const std::string& stem) const {
        Json files = Json::array();
        for (std::int64_t z = 0; z < image.size.depth; ++z) {
            const std::string number = image.size.depth > 1 ? fmt::format("_{:04}", z) : "";
            const fs::path file = out_ / "overlay" / (stem + number + ".png");
            Picture picture = picture_of(image, z);
            draw_outlines(picture, map, z);
            write_picture(file, picture);
            files.push_back(file.string());
        }
        return files.size() == 1 ? files[0] : files;
    }

    Notes& notes_;
    fs::path out_, table_file_;
    Table table_;
    bool overlay_;
    std::vector<PredictionKind> kinds_;
    std::optional<PageRange> pages_;
    std::vector<Colour> colours_;  ///< of classes; empty where labels are objects
    static inline const std::vector<Colour> no_colours_;
};

/// "objects/a.tif  27 objects"
std::string line_of(const Json& entry) {
    std::string files;
    for (const auto& [key, value] : entry.items())
        if (key != "input" && key != "count" && value.is_string())
            files += (files.empty() ? "" : "  ") + value.get<std::string>();
    return entry.contains("count") ? fmt::format("{}  {} objects", files, entry["count"].dump())
                                   : files;
}

/// Predicts all inputs, each on its own: one that fails does not stop the others.
int predict_all(const Settings& settings, const Model& model, const std::vector<Input>& inputs) {
    Progress progress("predict");
    std::string label;
    Notes notes(progress);
    Predictor predictor(model, options_of(settings, progress, label, notes));
    Work work(settings, model, notes);
    work.check(inputs);
    work.create_folders();
    ask_before_interrupt();

    Json written = Json::array(), failures = Json::array();
    for (const Input& input : inputs) {
        if (interrupted()) break;
        const std::size_t behind = written.size() + failures.size();
        progress.begin_part(behind, inputs.size());
        label = fmt::format("tiles of image {}/{}, {}", behind + 1, inputs.size(), input.stem);
        notes.begin(input.path);
        try {
            written.push_back(work.predict(predictor, input));
            if (!notes.of_image().empty()) written.back()["notes"] = notes.of_image();
            progress.clear();
            if (!settings.json) fmt::print("{}\n", line_of(written.back()));
        } catch (const Error& error) {
            if (error.code() == ErrorCode::cancelled) break;
            failures.push_back(
                {{"input", input.path.string()}, {"error", told_of(input, error.what())}});
        }
    }
    notes.end();
    progress.clear();
    const std::string table = work.write_table().string();
    const std::size_t missing = inputs.size() - written.size() - failures.size();
    if (settings.json) {
        Json object{{"outputs", written}, {"failed", failures}, {"not_done", missing}};
        if (!table.empty()) object["table"] = table;
        fmt::print("{}\n", object.dump(2));
    } else if (!table.empty()) {
        fmt::print("{}\n", table);
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
    if (failures.size() + missing > 0)
        fmt::print(
            stderr, "unet predict: {} of {} images predicted, {} failed{}\n", written.size(),
            inputs.size(), failures.size(),
            missing > 0 ? fmt::format(", {} not reached before the interrupt", missing) : "");
    return failures.size() + missing > 0 ? 1 : 0;
}

}  // namespace

int predict(const Arguments& arguments) {
    Settings settings;
    Flags flags(
        "predict", "MODEL INPUT... --out DIR [options]",
        "Applies a trained model to images of any size. Each image becomes DIR/NAME.tif.",
        {"unet predict runs/nuclei pictures/ --out results --overlay",
         "unet predict runs/nuclei pictures/ --out results --table results/counts.csv",
         "unet predict model.safetensors a.png b.tif --out results --what labels",
         "unet predict model.safetensors stack.tif --pages 0-17 --out results",
         "unet predict model.safetensors a.tif --out results --what objects,probabilities"});
    flags.operand(
        "MODEL",
        "a model file, the folder of a run (its best model), or the name of a model that came "
        "with the program (unet info --models)");
    flags.operand("INPUT", "image files (PNG, TIFF, stacks too) and folders of them");
    flags.add({"out", "where results go; created if missing", &settings.out}, "DIR");
    flags.add({"what",
               "numbered objects, class labels, probabilities or logits (a page for each class); "
               "several with commas go into subfolders [objects for a model trained on "
               "numbered objects, labels otherwise]",
               &settings.what},
              "objects|labels|probabilities|logits");
    flags.add(
        {"overlay", "also draw outlines on the images: DIR/overlay/NAME.png", &settings.overlay});
    flags.add(text("table",
                   "also write counts and areas for a spreadsheet: a row for each image, or for "
                   "each image and class; the name ends in .csv",
                   settings.table, "FILE"));
    flags.add({"pages", "slices of a stack, counted from 0: 0-17 or 0-2,5", &settings.pages},
              "RANGE");
    flags.add(
        {"normalise", "instead of the model's own rule for turning stored values into numbers",
         &settings.normalise},
        "image|dataset|range|LOW:HIGH");
    flags.add(choice("average",
                     "mean of the picture and its mirror images (4 times the work), or of 7 turned "
                     "ones: a little better",
                     settings.average,
                     {{"none", Averaging::none},
                      {"mirrors4", Averaging::mirrors4},
                      {"rotations7", Averaging::rotations7}}));
    flags.add(
        {"tile",
         "edge in pixels of the piece that is computed at once; smaller takes less memory, the "
         "result is the same",
         &settings.tile},
        "N|auto");
    flags.add({"threads", "processor cores to use; 0: all", &settings.threads, 0, 4096});
    flags.add(
        {"exact", "direct convolution only: slower, the plainest arithmetic", &settings.exact});
    flags.add({"json", "print one JSON object", &settings.json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;
    if (settings.out.empty())
        throw UsageError("unet predict: --out DIR is missing: where should results go?");

    if (!settings.table.empty()) check_table_name("--table", settings.table);

    const std::vector<std::string> words(flags.operands().begin() + 1, flags.operands().end());
    const auto inputs = collect_inputs(words);
    return predict_all(settings, read_model(model_file(flags.operands()[0])), inputs);
}

}  // namespace unet::cli
