#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/streams.h"
#include "unet/unet.h"
#include "verbs/data.h"

namespace unet::cli {

int show_data(TrainOptions options, const std::vector<std::string>& operands,
              const DataFlags& flags) {
    using Json = nlohmann::ordered_json;
    options.data = operands[1];
    if (operands.size() > 2) options.label_files = operands[2];
    std::vector<std::filesystem::path> read{options.data};
    for (const char* inside : {"images", "labels", "masks"}) read.push_back(read[0] / inside);
    if (!options.label_files.empty()) read.emplace_back(options.label_files);
    check_apart(flags.out, read);

    Context context;
    Json notices = Json::array();
    const TrainingData data = read_training_data(context, options, [&](const std::string& text) {
        tell("{}\n", with_flags(text));
        notices.push_back(with_flags(text));
    });
    Recipe recipe = options.recipe;
    recipe.network.in_channels = data.set->channels();
    recipe.network.classes = data.set->classes();
    const BatchOptions batches{recipe.sampling.batch_size, patch_geometry(recipe), data.foreground,
                               recipe.augment, static_cast<std::uint64_t>(options.seed)};
    const auto files = show_patches(*data.set, batches, data.info.rgb, flags.count, flags.out);
    if (flags.json) {
        Json list = Json::array();
        for (const auto& file : files) list.push_back(file.string());
        put("{}\n", json_text(Json{{"files", list}, {"notices", notices}}, 2));
    } else {
        for (const auto& file : files) put("{}\n", file.string());
    }
    return 0;
}

}  // namespace unet::cli
