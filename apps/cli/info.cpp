#include "info.h"

#include "flags.h"
#include "verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;

Facts describe(const fs::path& path, std::int64_t size, const DatasetOptions& data) {
    if (!fs::exists(path))
        fail(ErrorCode::io, "{}: there is no such file or folder", path.string());
    if (fs::is_directory(path)) {
        const bool run = fs::exists(path / "config.toml") || fs::exists(path / "last.safetensors");
        if (!run) return describe_data(data);
        return size > 0 ? describe_model(path / "model.safetensors", size) : describe_run(path);
    }
    return is_image_file(path) ? describe_image(path) : describe_model(path, size);
}

}  // namespace

int info(const Arguments& arguments) {
    std::int64_t size = 0;
    bool json = false;
    DatasetOptions data;
    Flags flags("info", "MODEL|RUN|IMAGE|DATA [LABELS] [options]",
                "Says what is in a model, the folder of a run, an image or a data set.",
                {"unet info runs/nuclei/model.safetensors",
                 "unet info runs/nuclei/model.safetensors --size 572    shapes layer by layer",
                 "unet info picture.tif", "unet info examples/nuclei/train --json"});
    flags.operand("MODEL", "a model file (.safetensors)");
    flags.operand("RUN", "the folder that `unet train` wrote");
    flags.operand("IMAGE", "a PNG or TIFF");
    flags.operand("DATA",
                  "a folder with images/ and labels/; or images and LABELS, both folders or "
                  "both stacks");
    flags.add(
        {"size", "of a model: the shape after every layer for an input of N x N", &size, 0, 1e6});
    flags.add({"json", "print one JSON object", &json});
    flags.heading("of a data set");
    flags.add(fields_of(data));
    if (!flags.parse(arguments, 1, 2)) return 0;
    data.images = flags.operands()[0];
    if (flags.operands().size() == 2) {
        data.labels = flags.operands()[1];
        describe_data(data).print(json);
    } else {
        describe(data.images, size, data).print(json);
    }
    return 0;
}

}  // namespace unet::cli
