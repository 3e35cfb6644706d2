#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string size_text(const Size3& size) { return fmt::format("{} x {}", size.height, size.width); }

std::string pieces_text(const PredictionPlan& plan) {
    return plan.halo == 0 ? "in one piece"
                          : fmt::format("computed from {} (context of {} pixels on each side)",
                                        size_text(plan.window), plan.halo);
}

Json json_of(const ImagePlan& image) {
    Json kinds = Json::array();
    for (const ImagePlan::Kind& each : image.kinds)
        kinds.push_back({{"what", name_of(each.kind)},
                         {"tile", {each.plan.core.height, each.plan.core.width}},
                         {"window", {each.plan.window.height, each.plan.window.width}},
                         {"halo", each.plan.halo},
                         {"tiles", each.plan.tiles},
                         {"object_bytes", each.plan.object_bytes},
                         {"skipped_tiles", each.plan.skipped},
                         {"seconds", each.seconds},
                         {"output_bytes", each.output_bytes}});
    Json entry{{"input", image.input.path.string()},
               {"size", {image.size.depth, image.size.height, image.size.width}}};
    add_json(image.shown, entry);
    entry.update({{"kinds", kinds},
                  {"memory_bytes", image.bytes},
                  {"fixed_memory_bytes", image.fixed_bytes},
                  {"least_memory_bytes", image.least_bytes},
                  {"output_bytes", image.output_bytes()},
                  {"seconds", image.seconds()},
                  {"notes", notes_json(image.notes)}});
    return entry;
}

void print(const ImagePlan& image) {
    put("{}  {} slice(s) of {}\n", image.input.path.string(), image.size.depth,
        size_text(image.size));
    if (image.shown.diameter > 0.0)
        put("  object size     about {:.3g} pixels; the network is shown the image {:.3g} "
            "times "
            "as large\n",
            image.shown.diameter, image.shown.height);
    for (const ImagePlan::Kind& each : image.kinds)
        put("  {:<15} {} tile(s) of {}, {}{}\n", name_of(each.kind), each.plan.tiles,
            size_text(each.plan.core), pieces_text(each.plan),
            each.plan.skipped > 0 ? fmt::format(", {} outside the mask", each.plan.skipped) : "");
    put("  memory          {} (the smallest --max-ram is {})\n",
        bytes_text(static_cast<double>(image.bytes)),
        bytes_text(static_cast<double>(image.least_bytes)));
    for (const ImagePlan::Kind& each : image.kinds)
        if (each.plan.object_bytes > 0)
            put("  of it           {} for objects, which take more where they are many: a "
                "run of pixels takes 16 bytes\n",
                bytes_text(static_cast<double>(each.plan.object_bytes)));
    put("  output          {} before packing\n",
        bytes_text(static_cast<double>(image.output_bytes())));
    put("  time            {}\n", duration_text(image.seconds()));
}

}  // namespace

int plan(const Arguments& arguments) {
    PredictSettings settings;
    bool json = false;
    Flags flags("plan", "MODEL INPUT... [options]",
                "Says what a prediction will take: tiles, memory, size of the result before it is\n"
                "packed, time on this machine (measured for about a second).",
                {"unet plan runs/nuclei slide.tif --max-ram 512MB",
                 "unet plan runs/nuclei images --what probabilities --format ome-zarr --json"});
    flags.operand("MODEL", "as for unet predict");
    flags.operand("INPUT", "images and folders of them");
    flags.add(prediction_fields(settings));
    flags.add({"json", "print one JSON object", &json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;

    Progress progress("plan");
    Notes notes(progress);
    std::vector<std::string> passed_over;
    const auto inputs = collect_inputs({flags.operands().begin() + 1, flags.operands().end()},
                                       notes.of_folders(passed_over));
    const Model model = read_model(model_file(flags.operands()[0]));
    JobHooks hooks;
    hooks.progress = [&](std::int64_t done, std::int64_t total) { progress.update(done, total); };
    std::vector<Json> told;  // of each image
    hooks.begin = [&](const Input& input, std::size_t, std::size_t) {
        notes.begin(input.path);
        told.push_back(Json::array());
    };
    hooks.note = [&](const std::string& text) {
        notes.say(text);
        const std::string note = with_flags(text);
        if (!told.empty() &&
            std::find(told.back().begin(), told.back().end(), note) == told.back().end())
            told.back().push_back(note);
    };
    const std::vector<ImagePlan> images = plan_files(settings, model, inputs, hooks);
    notes.end();
    progress.clear();
    Json entries = Json::array();
    double seconds = 0.0;
    for (const ImagePlan& image : images) {
        const Json& of_image = told[entries.size()];
        entries.push_back(json_of(image));
        if (!of_image.empty()) entries.back()["notes"] = of_image;
        seconds += image.seconds();
        if (!json) print(image);
    }
    if (json)
        put("{}\n", json_text(Json{{"images", entries},
                                   {"passed_over", passed_over},
                                   {"seconds", seconds},
                                   {"precision", kernels::name_of(settings.precision)}},
                              2));
    else if (images.size() > 1)
        put("all {} images  {}\n", images.size(), duration_text(seconds));
    return 0;
}

}  // namespace unet::cli
