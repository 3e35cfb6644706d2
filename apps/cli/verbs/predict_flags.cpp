#include "verbs/predict_flags.h"

#include <charconv>

#include "identity.h"

namespace unet::cli {

using Json = nlohmann::ordered_json;

void add_prediction_flags(Flags& flags, PredictSettings& settings) {
    std::vector<std::pair<std::string, const Format*>> formats;
    for (const Format* format : formats_written()) formats.emplace_back(format->name, format);
    flags.add({"what",
               "numbered objects, class labels, probabilities or logits (a page for each class); "
               "several with commas go into subfolders [objects for a model trained on "
               "numbered objects, labels otherwise]",
               &settings.what},
              "objects|labels|probabilities|logits");
    flags.add(
        {"overlay", "also draw outlines on the images: DIR/overlay/NAME.png", &settings.overlay});
    flags.add(choice("format",
                     "of the files: TIFF for ImageJ; tiled OME-TIFF or OME-Zarr with smaller "
                     "copies for large pictures; NIfTI, with the place in space of a NIfTI input; "
                     "PNG, which holds one plane",
                     settings.format, formats));
    flags.add({"bits",
               "of a value: 8, 16 or 32 for objects and labels; 8 (0 to 255) or 32 (floats) for "
               "probabilities [0: 16 for labels, 32 where ids need it and for floats]",
               &settings.bits, 0, 32});
    flags.add(fields_of(settings.stacks));
    flags.add(
        {"normalise", "instead of the model's own rule for turning stored values into numbers",
         &settings.normalise},
        "image|dataset|range|LOW:HIGH");
    flags.add(text("where",
                   "predict only pixels where this image is not 0 (of the same height and width, "
                   "one slice for all or as many); the rest is background, and tiles without such "
                   "pixels are not computed",
                   settings.where, "MASK"));
    flags.add(choice("average",
                     "mean of the picture and its mirror images (4 times the work), or of 7 turned "
                     "ones: a little better",
                     settings.average,
                     {{"none", Averaging::none},
                      {"mirrors4", Averaging::mirrors4},
                      {"rotations7", Averaging::rotations7}}));
    flags.add(
        {"scale",
         "show the network the picture so many times larger; results have its own size. 1: as "
         "it is [0: by the sizes of pixels, where model and file say them]",
         &settings.scale});
    flags.add({"fill_holes", "objects have no holes", &settings.fill_holes});
    flags.add({"drop_border", "without objects that touch the edge of the picture",
               &settings.drop_border});
    flags.add(
        {"tile",
         "edge in pixels of the piece that is computed at once; smaller takes less memory, the "
         "result is the same",
         &settings.tile},
        "N|auto");
    flags.add(
        {"max-ram",
         "the program never takes more memory than this, such as 512MB or 2GB; tiles are made "
         "to fit, the result is the same [tiles take a quarter of what is free]",
         &settings.max_ram},
        "SIZE");
    flags.add({"threads", "processor cores to use; 0: all", &settings.threads, 0, 4096});
    flags.add(
        {"exact", "direct convolution only: slower, the plainest arithmetic", &settings.exact});
}

std::int64_t tile_of(const PredictSettings& settings) {
    std::int64_t tile = 0;
    if (settings.tile != "auto")
        set_from_text({"tile", "", &tile, 1, 1e6}, settings.tile, "--tile");
    return tile;
}

PredictOptions options_of(const PredictSettings& settings, Progress& progress,
                          const std::string& label, Notes& notes) {
    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    options.exact = settings.exact;
    options.average = settings.average;
    options.tile = tile_of(settings);
    options.scale = settings.scale;
    options.fill_holes = settings.fill_holes;
    options.drop_border = settings.drop_border;
    if (!settings.normalise.empty()) {
        options.override_normalisation = true;
        options.normalisation = parse_normalisation(settings.normalise, "--normalise");
    }
    options.cancelled = system::interrupted;
    options.progress = [&progress, &label](std::int64_t done, std::int64_t total) {
        progress.update(done, total, label);
    };
    options.notice = [&notes](const std::string& text) { notes.say(text); };
    return options;
}

void check_where(const PredictSettings& settings, const std::vector<Input>& inputs) {
    if (!settings.where.empty() && inputs.size() != 1)
        throw UsageError(
            fmt::format("unet predict: --where {} is the mask of one image, found {}: predict each "
                        "with its own",
                        settings.where, inputs.size()));
}

Json lasting_flags(const PredictSettings& settings) {
    return {{"what", settings.what},
            {"format", settings.format->ending},
            {"bits", settings.bits},
            {"overlay", settings.overlay},
            {"normalise", settings.normalise},
            {"average", to_string(settings.average)},
            {"where", settings.where.empty() ? Json() : identity_of(settings.where)},
            {"exact", settings.exact},
            {"pages", settings.stacks.pages},
            {"channel", settings.stacks.channel},
            {"z", settings.stacks.z},
            {"t", settings.stacks.t},
            {"axes", settings.stacks.axes},
            {"spacing", settings.stacks.spacing},
            {"scale", settings.scale},
            {"fill_holes", settings.fill_holes},
            {"drop_border", settings.drop_border}};
}

void take_share(PredictSettings& settings, std::vector<Input>& inputs) {
    if (settings.part.empty()) return;
    Share share{0, 0};
    const char *begin = settings.part.data(), *end = begin + settings.part.size();
    const auto [slash, error] = std::from_chars(begin, end, share.number);
    if (error == std::errc() && slash != end && *slash == '/' &&
        std::from_chars(slash + 1, end, share.of).ptr != end)
        share.of = 0;
    constexpr std::int64_t most = 100000;
    if (share.number < 1 || share.number > share.of || share.of > most)
        throw UsageError(fmt::format(
            "unet predict: --part: found '{}', expected K/N with K from 1 to N, such as 2/8",
            settings.part));
    if (inputs.size() == 1) {
        settings.share_of_tiles = share;
        return;
    }
    std::vector<Input> own;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (static_cast<std::int64_t>(i) % share.of == share.number - 1) own.push_back(inputs[i]);
    inputs = std::move(own);
}

}  // namespace unet::cli
