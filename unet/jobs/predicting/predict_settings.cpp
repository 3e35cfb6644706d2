#include "unet/jobs/predicting/predict_settings.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/normalisation.h"
#include "unet/core/text/units.h"
#include "unet/jobs/identity.h"
#include "unet/predict/precision.h"

namespace unet {
namespace {

using Json = nlohmann::ordered_json;

Share parse_share(const std::string& text) {
    Share share{0, 0};
    const char *begin = text.data(), *end = begin + text.size();
    const auto [slash, error] = std::from_chars(begin, end, share.number);
    if (error == std::errc() && slash != end && *slash == '/' &&
        std::from_chars(slash + 1, end, share.of).ptr != end)
        share.of = 0;
    constexpr std::int64_t most = 100000;
    if (share.number < 1 || share.number > share.of || share.of > most)
        fail_setting("part", ErrorCode::invalid_argument,
                     "`part`: found '{}', expected K/N with K from 1 to N, such as 2/8", text);
    return share;
}

}  // namespace

Fields prediction_fields(PredictSettings& s) {
    std::vector<std::pair<std::string, const Format*>> formats;
    for (const Format* format : formats_written()) formats.emplace_back(format->name, format);
    Fields fields{
        text("what",
             "numbered objects, class labels, probabilities or logits (a page for each class); "
             "several with commas go into subfolders [objects for a model trained on "
             "numbered objects, labels otherwise]",
             s.what, "objects|labels|probabilities|logits"),
        {"overlay", "also draw outlines on the images: DIR/overlay/NAME.png", &s.overlay},
        choice("format",
               "of the files: TIFF for ImageJ; tiled OME-TIFF or OME-Zarr with smaller "
               "copies for large images; NIfTI, with the place in space of a NIfTI input; "
               "PNG, which holds one plane",
               s.format, formats),
        {"bits",
         "of a value: 8, 16 or 32 for objects and labels; 8 (0 to 255) or 32 (floats) for "
         "probabilities [0: 16 for labels, 32 where ids need it and for floats]",
         &s.bits, 0, 32}};
    for (Field& field : fields_of(s.stacks)) fields.push_back(std::move(field));
    fields.insert(
        fields.end(),
        {text("normalise", "instead of the model's own rule for turning stored values into numbers",
              s.normalise, "image|dataset|range|LOW:HIGH"),
         text("clip",
              "normalised values are limited to so far below 0 and above 1, against single pixels "
              "far brighter than all else [as the model was trained; models from before there was "
              "this: none]",
              s.clip, "none|NUMBER"),
         text("where",
              "predict only pixels where this image is not 0 (of the same height and width, "
              "one slice for all or as many); the rest is background, and tiles without such "
              "pixels are not computed",
              s.where, "MASK"),
         by_pixels_field(s.stacks.by_pixels),
         choice("average",
                "mean of the image and its mirror images (4 times the work), or of 7 turned "
                "ones: a little better",
                s.average,
                {{"none", Averaging::none},
                 {"mirrors4", Averaging::mirrors4},
                 {"rotations7", Averaging::rotations7}}),
         diameter_field(s.diameter),
         {"scale",
          "instead of that: show the network the image so many times larger; results have its own "
          "size. 1: as it is [0: by `diameter`]",
          &s.scale},
         {"fill_holes", "objects have no holes", &s.fill_holes},
         {"drop_border", "without objects that touch the edge of the image", &s.drop_border},
         text(
             "tile",
             "edge in pixels of the piece that is computed at once; smaller takes less memory, the "
             "result is the same",
             s.tile, "N|auto"),
         text("max_ram",
              "the program never takes more memory than this, such as 512MB or 2GB; tiles are made "
              "to fit, the result is the same [tiles take a quarter of what is free]",
              s.max_ram, "SIZE"),
         {"threads", "processor cores to use; 0: all", &s.threads, 0, 4096},
         {"exact", "direct convolution only: slower, the plainest arithmetic", &s.exact},
         precision_field(s.precision)});
    return fields;
}

Fields fields_of(PredictSettings& s) {
    Fields fields = prediction_fields(s);
    fields.insert(fields.begin(),
                  {text("out", "where results go; created if missing", s.out, "DIR"),
                   text("table",
                        "also write counts and areas for a spreadsheet: a row for each image, or "
                        "for each image and class; the name ends in .csv",
                        s.table, "FILE")});
    fields.insert(
        fields.end(),
        {{"resume",
          "keep finished tiles in DIR/.unfinished until all is done, and go on from those "
          "that are there: give it from the start for what takes long",
          &s.resume},
         text("part",
              "do the K-th of N shares of the images, or, of one image, of its tiles: for job "
              "arrays; who finds the last tiles done writes the result",
              s.part, "K/N"),
         {"keep_going", "an image that fails does not stop the others", &s.keep_going}});
    return fields;
}

std::int64_t tile_of(const PredictSettings& settings) {
    std::int64_t tile = 0;
    if (settings.tile != "auto")
        set_from_text({"tile", "", &tile, 1, 1e6}, settings.tile, "`tile`");
    return tile;
}

PredictOptions options_of(const PredictSettings& settings, const JobHooks& hooks) {
    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    options.exact = settings.exact;
    options.precision = settings.precision;
    options.average = settings.average;
    options.tile = tile_of(settings);
    set_size(options, settings.diameter, settings.scale);
    options.fill_holes = settings.fill_holes;
    options.drop_border = settings.drop_border;
    if (!settings.normalise.empty()) {
        options.override_normalisation = true;
        options.normalisation = parse_normalisation(settings.normalise, "`normalise`");
    }
    if (!settings.clip.empty()) options.clip = parse_clip(settings.clip, "`clip`");
    options.progress = hooks.progress;
    options.cancelled = hooks.cancelled;
    options.notice = hooks.note;
    return options;
}

Field diameter_field(std::string& diameter) {
    return text("diameter",
                "how wide the image's objects are: the network is shown it so large that they are "
                "as wide as those that it learned. N: in pixels, or with a unit of length (20um); "
                "off: the image as it is; auto: by the sizes of pixels where model and file say "
                "them, else the network finds out",
                diameter, "auto|off|N");
}

void set_size(PredictOptions& options, const std::string& diameter, double scale) {
    options.scale = scale;
    if (diameter == "auto") return;
    if (scale != 0.0)
        fail_setting("diameter", ErrorCode::invalid_argument,
                     "`diameter` {} and `scale` {:g} both say how large the network is shown the "
                     "image: give one",
                     diameter, scale);
    if (diameter == "off") {
        options.scale = 1.0;
        return;
    }
    const char* end = diameter.data() + diameter.size();
    const auto [rest, error] = std::from_chars(diameter.data(), end, options.diameter);
    const LengthUnit* unit = rest == end ? nullptr : length_unit({rest, end});
    constexpr double most = 1e6;
    if (error != std::errc() || !(options.diameter > 0.0 && options.diameter <= most) ||
        (rest != end && unit == nullptr))
        fail_setting("diameter", ErrorCode::invalid_argument,
                     "`diameter`: found '{}', expected auto, off, or a number above 0 in pixels or "
                     "with a unit of length, such as 30 or 20um",
                     diameter);
    if (unit) options.diameter_unit = unit->symbol;
}

void check_where(const PredictSettings& settings, const std::vector<Input>& inputs) {
    if (!settings.where.empty() && inputs.size() != 1)
        fail_setting("where", ErrorCode::invalid_argument,
                     "`where` {} is the mask of one image, found {}: predict each with its own",
                     settings.where, inputs.size());
}

Json lasting_settings(const PredictSettings& settings) {
    Json lasting{{"what", settings.what},
                 {"format", settings.format->ending},
                 {"bits", settings.bits},
                 {"overlay", settings.overlay},
                 {"normalise", settings.normalise},
                 {"average", to_string(settings.average)},
                 {"where", settings.where.empty() ? Json() : to_json(identity_of(settings.where))},
                 {"exact", settings.exact},
                 {"pages", settings.stacks.pages},
                 {"channel", settings.stacks.channel},
                 {"z", settings.stacks.z},
                 {"t", settings.stacks.t},
                 {"axes", settings.stacks.axes},
                 {"spacing", settings.stacks.spacing},
                 {"scale", settings.scale},
                 {"diameter", settings.diameter},
                 {"fill_holes", settings.fill_holes},
                 {"drop_border", settings.drop_border}};
    // What is not given is not named: so is what a program wrote that did not know it.
    if (!settings.stacks.series.empty()) lasting["series"] = settings.stacks.series;
    if (settings.stacks.by_pixels) lasting["by_pixels"] = true;
    if (!settings.clip.empty()) lasting["clip"] = settings.clip;
    if (settings.precision != kernels::Element::float32)
        lasting["precision"] = kernels::name_of(settings.precision);
    return lasting;
}

Share take_share(const PredictSettings& settings, std::vector<Input>& inputs) {
    if (settings.part.empty()) return {};
    const Share share = parse_share(settings.part);
    if (inputs.size() == 1) return share;
    std::int64_t place = 0;
    std::erase_if(inputs, [&](const Input&) { return place++ % share.of != share.number - 1; });
    return {};
}

}  // namespace unet
