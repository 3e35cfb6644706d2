#include "verbs/info.h"

#include <algorithm>

#include "terminal/flags.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;

enum class Kind { model, run, image, data };

Kind kind_of(const fs::path& path) {
    if (is_image_folder(path)) return Kind::image;
    if (fs::is_directory(path)) {
        const bool run = fs::exists(path / "config.toml") || fs::exists(path / "last.safetensors");
        return run ? Kind::run : Kind::data;
    }
    const bool image = is_image_file(path) || !conversion_of(path).empty();
    return image ? Kind::image : Kind::model;
}

/// A flag that is taken does something.
void check_flags(const Flags& flags, Kind kind, const Fields& reading) {
    const char* names[] = {"a model", "the folder of a run", "an image", "a data set"};
    for (const std::string& name : flags.given_names()) {
        const bool picks = std::any_of(reading.begin(), reading.end(), [&](const Field& field) {
            return flag_of(field.name) == "--" + name;
        });
        const bool of_kind = kind == Kind::data    ? name != "size"
                             : kind == Kind::image ? picks
                                                   : name == "size";
        if (name != "json" && !of_kind)
            throw UsageError(fmt::format("unet info: --{} is not for {}, which {} is", name,
                                         names[static_cast<int>(kind)], flags.operands()[0]));
    }
}

Facts describe(const Flags& flags, std::int64_t size, DatasetOptions& data) {
    const fs::path path = image_path(data.images);
    if (!fs::exists(path)) {
        const fs::path known = known_model(data.images.string());
        if (known.empty())
            fail(ErrorCode::io,
                 "{}: there is no such file or folder, nor a model of this name (there are: {})",
                 data.images.string(), known_models_text());
        check_flags(flags, Kind::model, {});
        return describe_model(known, size);
    }
    const Kind kind = data.labels.empty() ? kind_of(path) : Kind::data;
    check_flags(flags, kind, fields_of(data.stacks));
    switch (kind) {
        case Kind::image:
            return describe_image(path, data.stacks);
        case Kind::data:
            return describe_data(data);
        case Kind::run:
            return size > 0 ? describe_model(path / "model.safetensors", size) : describe_run(path);
        case Kind::model:
            return describe_model(path, size);
    }
    return {};
}

}  // namespace

int info(const Arguments& arguments) {
    std::int64_t size = 0;
    bool json = false, models = false;
    DatasetOptions data;
    Flags flags("info", "MODEL|RUN|IMAGE|DATA [LABELS] [options] | --models",
                "Says what is in a model, the folder of a run, an image or a data set.",
                {"unet info --models", "unet info runs/nuclei/model.safetensors",
                 "unet info runs/nuclei/model.safetensors --size 572    shapes layer by layer",
                 "unet info image.tif", "unet info examples/nuclei/train --json"});
    flags.operand("MODEL", "a model file (.safetensors), or the name of one of --models");
    flags.operand("RUN", "the folder that `unet train` wrote");
    flags.operand("IMAGE", "a PNG, JPEG, TIFF or NIfTI file, or an OME-Zarr folder");
    flags.operand("DATA",
                  "a folder with images/ and labels/; or images and LABELS, both folders or "
                  "both stacks");
    flags.add(
        {"size", "of a model: the shape after every layer for an input of N x N", &size, 0, 1e6});
    flags.add({"models", "list the models that came with the program", &models});
    flags.add({"json", "print one JSON object", &json});
    flags.heading("of a data set; those that say what is read, of an image too");
    flags.add(fields_of(data));
    const bool listing =
        std::find(arguments.begin(), arguments.end(), "--models") != arguments.end();
    if (!flags.parse(arguments, listing ? 0 : 1, listing ? 0 : 2)) return 0;
    if (models) {
        print_known_models(json);
        return 0;
    }
    data.images = flags.operands()[0];
    if (flags.operands().size() == 2) data.labels = flags.operands()[1];
    describe(flags, size, data).print(json);
    return 0;
}

}  // namespace unet::cli
