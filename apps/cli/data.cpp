#include <algorithm>
#include <nlohmann/json.hpp>

#include "flags.h"
#include "inputs.h"
#include "progress.h"
#include "recipe_flags.h"
#include "verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

int show(const TrainOptions& options, std::int64_t count, const std::string& out, bool json) {
    Context context;
    Json notices = Json::array();
    const TrainingData data = read_training_data(context, options, [&](const std::string& text) {
        fmt::print(stderr, "{}\n", text);
        notices.push_back(text);
    });
    Recipe recipe = options.recipe;
    recipe.network.in_channels = data.set->channels();
    recipe.network.classes = data.set->classes();
    const BatchOptions batches{recipe.sampling.batch_size, patch_geometry(recipe), data.foreground,
                               recipe.augment, static_cast<std::uint64_t>(options.seed)};
    const auto files = show_patches(*data.set, batches, data.info.rgb, count, out);
    if (json) {
        Json list = Json::array();
        for (const auto& file : files) list.push_back(file.string());
        fmt::print("{}\n", Json{{"files", list}, {"notices", notices}}.dump(2));
    } else {
        for (const auto& file : files) fmt::print("{}\n", file.string());
    }
    return 0;
}

}  // namespace

int data(const Arguments& arguments) {
    RecipeFlags recipe;
    std::string out;
    std::int64_t count = 12;
    bool json = false;
    Flags flags(
        "data", "show DATA [LABELS] --out DIR [options]",
        "Draws patches as training sees them: image (the frame is what the network's output\n"
        "covers), classes, and weights from black (0) to white.",
        {"unet data show examples/nuclei/train --out look",
         "unet data show DATA --out look --count 4 --elastic-sigma 20 --no-flips",
         "unet data show images.tif labels.tif --preset ronneberger2015 --out look"});
    flags.operand("show", "the only thing to do so far");
    flags.operand("DATA", "as for `unet train`");
    flags.add({"out", "where pictures go; created if missing", &out}, "DIR");
    flags.add({"count", "how many patches", &count, 1, 10000});
    flags.add({"json", "print one JSON object", &json});
    recipe.add_to(flags, {"run", "network", "loss", "sampling", "augmentation"});
    if (!flags.parse(arguments, 2, 3)) return 0;
    if (flags.operands()[0] != "show")
        throw UsageError(fmt::format("unet data: found '{}', expected show", flags.operands()[0]));
    if (out.empty()) throw UsageError("unet data: --out DIR is missing: where should pictures go?");
    recipe.settle(flags);
    recipe.options.data = flags.operands()[1];
    if (flags.operands().size() > 2) recipe.options.label_files = flags.operands()[2];
    std::vector<std::filesystem::path> read{recipe.options.data};
    for (const char* inside : {"images", "labels", "masks"}) read.push_back(read[0] / inside);
    if (!recipe.options.label_files.empty()) read.emplace_back(recipe.options.label_files);
    check_apart(out, read);
    return show(recipe.options, count, out, json);
}

}  // namespace unet::cli
