#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "flags.h"
#include "inputs.h"
#include "models.h"
#include "progress.h"
#include "verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    std::string out, model;
    double threshold = 0.5;
    ObjectRule rule;
    ReadSettings reading;
    bool json = false;
};

/// Probabilities of background and foreground, whichever way the file holds them: two channels, or
/// the foreground alone; 0 to 1, or integers from 0 to the largest of their type.
Image probabilities_in(const fs::path& path, const ReadOptions& options) {
    Image image = read_image(path, options);
    if (image.channels > 2 || image.rgb)
        fail(ErrorCode::shape_mismatch,
             "{}: found {} channels, expected probabilities of background and foreground, or of "
             "the foreground alone; --channel picks one",
             path.string(), image.channels);
    const double most = image.type == SampleType::u8 ? 255.0 : 65535.0;
    if (image.type == SampleType::u8 || image.type == SampleType::u16)
        for (float& value : image.values) value = static_cast<float>(value / most);
    const auto wrong = std::find_if(image.values.begin(), image.values.end(),
                                    [](float value) { return !(value >= 0.0f && value <= 1.0f); });
    if (wrong != image.values.end())
        fail(ErrorCode::unsupported,
             "{}: found the value {}, expected probabilities from 0 to 1 (`unet predict --what "
             "probabilities`), or integers of 8 or 16 bits",
             path.string(), *wrong);
    if (image.channels == 1) {
        const std::vector<float> foreground = image.values;
        image.values.insert(image.values.end(), foreground.begin(), foreground.end());
        image.channels = 2;
        for (std::size_t i = 0; i < foreground.size(); ++i) image.values[i] = 1.0f - foreground[i];
    }
    return image;
}

/// Each on its own: one that fails does not stop the others.
int find_all(const Settings& settings, const std::vector<Input>& inputs) {
    const ReadOptions options = read_options_of(settings.reading);
    create_folder(settings.out);
    Progress progress("objects");
    Json found = Json::array(), failures = Json::array();
    for (const Input& input : inputs) {
        progress.update(std::ssize(found) + std::ssize(failures), std::ssize(inputs), input.stem);
        try {
            const LabelMap objects = objects_of(probabilities_in(input.path, options),
                                                settings.threshold, settings.rule);
            const fs::path file = fs::path(settings.out) / (input.stem + ".tif");
            check_own(file);
            write_labels(file, objects);
            found.push_back({{"input", input.path.string()},
                             {"output", file.string()},
                             {"objects", count_objects(objects)}});
        } catch (const Error& error) {
            failures.push_back(
                {{"input", input.path.string()}, {"error", told_of(input, error.what())}});
        }
    }
    progress.clear();
    if (settings.json) {
        const Json rule{{"threshold", settings.threshold},
                        {"split_depth", settings.rule.split_depth},
                        {"minimum_size", settings.rule.minimum_pixels}};
        fmt::print("{}\n", Json{{"rule", rule}, {"found", found}, {"failed", failures}}.dump(2));
    } else {
        for (const Json& entry : found)
            fmt::print("{}  {} objects\n", entry["output"].get<std::string>(),
                       entry["objects"].get<std::int64_t>());
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
    return failures.empty() ? 0 : 1;
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
