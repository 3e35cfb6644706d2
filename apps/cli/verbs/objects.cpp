#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "inputs.h"
#include "models.h"
#include "terminal/flags.h"
#include "terminal/memory.h"
#include "terminal/progress.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    std::string out, model, max_ram;
    double threshold = 0.5;
    ObjectRule rule;
    ReadSettings reading;
    bool json = false;
};

/// Probabilities of the foreground, whichever way the file holds them: two channels, or the
/// foreground alone; 0 to 1, or integers from 0 to the largest of their type.
class Foreground final : public RegionSource {
public:
    Foreground(const fs::path& path, const ReadOptions& options)
        : path_(path), file_(path, options) {
        if (file_.channels() > 2 || file_.rgb())
            fail(ErrorCode::shape_mismatch,
                 "{}: found {} channels, expected probabilities of background and foreground, or "
                 "of the foreground alone; --channel picks one",
                 path_.string(), file_.channels());
    }

    Size3 size() const override { return file_.size(); }
    std::int64_t channels() const override { return file_.channels(); }
    SampleType type() const override { return file_.type(); }
    bool rgb() const override { return false; }
    Spacing spacing() const override { return file_.spacing(); }
    std::int64_t times() const { return file_.times(); }
    std::int64_t window_bytes(std::int64_t rows) const override { return file_.window_bytes(rows); }

    void read(const Region& region, std::span<float> values) override {
        file_.read(region, values);
        const double most = type() == SampleType::u8 ? 255.0 : 65535.0;
        if (type() == SampleType::u8 || type() == SampleType::u16)
            for (float& value : values) value = static_cast<float>(value / most);
        const auto wrong = std::find_if(values.begin(), values.end(), [](float value) {
            return !(value >= 0.0f && value <= 1.0f);
        });
        if (wrong != values.end())
            fail(ErrorCode::unsupported,
                 "{}: found the value {}, expected probabilities from 0 to 1 (`unet predict --what "
                 "probabilities`), or integers of 8 or 16 bits",
                 path_.string(), *wrong);
    }

private:
    fs::path path_;
    FileSource file_;
};

/// What is left of --max-ram for a picture's objects; 0 without it. Throws Error(memory).
std::int64_t bytes_for_objects(std::int64_t most, const Foreground& foreground) {
    if (most == 0) return 0;
    // What allocators, decoders and the writing of some rows take.
    constexpr std::int64_t small_things = std::int64_t{16} << 20;
    const std::int64_t needed =
        system::resident_memory() + finding_bytes(foreground) + small_things;
    if (needed >= most)
        fail(ErrorCode::memory, "--max-ram: needs at least {} before any object is found, found {}",
             bytes_text(static_cast<double>(needed)), bytes_text(static_cast<double>(most)));
    return most - needed;
}

void write_found(const ObjectFinder& found, const Foreground& foreground, const fs::path& file) {
    constexpr std::int64_t largest_16_bit = 65535;
    FileShape shape;
    shape.size = found.size();
    shape.type = found.count() > largest_16_bit ? SampleType::u32 : SampleType::u16;
    shape.times = foreground.times();
    shape.spacing = foreground.spacing();
    shape.labels = true;
    shape.colour_map = label_colour_map({});
    TiffSink sink(file, shape);
    write_objects(found, sink);
    sink.finish();
}

/// Each on its own: one that fails does not stop the others.
int find_all(const Settings& settings, const std::vector<Input>& inputs) {
    const ReadOptions options = read_options_of(settings.reading);
    const std::int64_t most_memory =
        settings.max_ram.empty() ? 0 : parse_bytes(settings.max_ram, "unet objects: --max-ram");
    create_folder(settings.out);
    Progress progress("objects");
    Json found = Json::array(), failures = Json::array();
    system::ask_before_interrupt();
    for (const Input& input : inputs) {
        if (system::interrupted()) break;
        progress.update(std::ssize(found) + std::ssize(failures), std::ssize(inputs), input.stem);
        try {
            Foreground foreground(input.path, options);
            const fs::path file = fs::path(settings.out) / (input.stem + ".tif");
            check_own(file);
            ObjectFinder objects;
            objects.limit_memory(bytes_for_objects(most_memory, foreground));
            find_objects(foreground, settings.threshold, settings.rule, objects);
            write_found(objects, foreground, file);
            found.push_back({{"input", input.path.string()},
                             {"output", file.string()},
                             {"objects", objects.count()}});
        } catch (const Error& error) {
            failures.push_back({{"input", input.path.string()},
                                {"error", told_of(input, with_flags(error.what()))}});
        }
    }
    progress.clear();
    if (settings.json) {
        const Json rule{{"threshold", settings.threshold},
                        {"split_depth", settings.rule.split_depth},
                        {"minimum_size", settings.rule.minimum_pixels},
                        {"fill_holes", settings.rule.fill_holes},
                        {"drop_border", settings.rule.drop_border}};
        const Json told{{"rule", rule},
                        {"found", found},
                        {"failed", failures},
                        {"peak_bytes", system::peak_resident_memory()}};
        fmt::print("{}\n", told.dump(2));
    } else {
        for (const Json& entry : found)
            fmt::print("{}  {} objects\n", entry["output"].get<std::string>(),
                       entry["objects"].get<std::int64_t>());
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
    const std::size_t missing = inputs.size() - found.size() - failures.size();
    if (missing > 0)
        fmt::print(stderr, "unet objects: {} of {} images not reached before the interrupt\n",
                   missing, inputs.size());
    return failures.empty() && missing == 0 ? 0 : 1;
}

}  // namespace

int objects(const Arguments& arguments) {
    Settings settings;
    Flags flags(
        "objects", "PROBABILITIES... --out DIR [options]",
        "Turns probabilities of the foreground into numbered objects: above the threshold, in\n"
        "connected pieces, parted where they have a waist.",
        {"unet objects probabilities.tif --out found",
         "unet objects probabilities.tif --out found --model nuclei --json",
         "unet objects probabilities.tif --out coarse --threshold 0.7 --split-depth 2"});
    flags.operand("PROBABILITIES",
                  "images of probabilities, or folders of them: what `unet predict --what "
                  "probabilities` wrote, or one channel of the foreground from another program");
    flags.add({"out", "where label maps go, as NAME.tif; created if missing", &settings.out},
              "DIR");
    flags.add({"model", "take threshold, depth and size as they were fitted for this model",
               &settings.model},
              "MODEL");
    flags.add({"threshold", "foreground is what is more probable than this", &settings.threshold,
               0.0, 1.0});
    flags.add({"split_depth", "objects are parted at waists so many pixels deep; 0: nowhere",
               &settings.rule.split_depth, 0.0, 1e6});
    flags.add({"minimum_size", "objects of fewer pixels are dropped", &settings.rule.minimum_pixels,
               0, 1e12});
    flags.add({"fill_holes", "objects have no holes", &settings.rule.fill_holes});
    flags.add({"drop_border", "without objects that touch the edge of the picture",
               &settings.rule.drop_border});
    flags.add({"max-ram", "the program never takes more memory than this, such as 512MB or 2GB",
               &settings.max_ram},
              "SIZE");
    flags.add({"json", "print one JSON object", &settings.json});
    flags.heading("what is read");
    flags.add(fields_of(settings.reading));
    if (!flags.parse(arguments, 1, 1000000)) return 0;
    if (settings.out.empty())
        throw UsageError("unet objects: --out DIR is missing: where should label maps go?");
    if (!settings.model.empty()) {
        const ModelInfo info = read_model(model_file(settings.model)).info;
        settings.threshold = info.threshold;
        settings.rule = rule_of(info);
        flags.apply();
    }
    const std::vector<Input> inputs = collect_inputs(flags.operands());
    std::vector<fs::path> read;
    for (const Input& input : inputs) read.push_back(input.path);
    check_apart(settings.out, read);
    return find_all(settings, inputs);
}

}  // namespace unet::cli
