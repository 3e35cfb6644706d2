#include "verbs/data.h"

#include <algorithm>

#include "terminal/flags.h"
#include "verbs/recipe_flags.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

constexpr std::string_view of_all[] = {"out", "json", "labels", "series"};
constexpr std::string_view of_import[] = {"format",  "images", "classes", "region",
                                          "colours", "link",   "nuclei",  "fill-crossings"};
constexpr std::string_view of_export[] = {"format", "images", "classes", "ignore", "by-pixels"};

template <class List>
bool has(const List& list, const std::string& name) {
    return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

void check_given(const Flags& flags, const std::string& action) {
    for (const std::string& name : flags.given_names()) {
        const bool fits = action == "import"   ? has(of_import, name)
                          : action == "export" ? has(of_export, name)
                                               : !has(of_import, name);
        if (!fits && !has(of_all, name))
            throw UsageError(fmt::format(
                "unet data: --{} is not for {}; `unet data --help` lists what is", name, action));
    }
}

void add_exchange_flags(Flags& flags, DataFlags& data) {
    using Format = AnnotationFormat;
    flags.heading("import and export");
    flags.add(choice("format",
                     "of the annotations; import detects it by name and content, export needs it. "
                     "cellpose and colours are for import only, tiff is for export only",
                     data.format,
                     {{"detect", Format::detect},
                      {"imagej", Format::imagej},
                      {"geojson", Format::geojson},
                      {"labelme", Format::labelme},
                      {"coco", Format::coco},
                      {"cellpose", Format::cellpose},
                      {"colours", Format::colours},
                      {"tiff", Format::tiff}}));
    flags.add(text("images",
                   "the images, by name: a folder or one file; import looks beside the annotations "
                   "if this is not given",
                   data.images, "IMAGES"));
    flags.add(text("classes", "names of the values 1, 2, ... of class maps, with commas between",
                   data.classes, "NAMES"));
    flags.heading("import");
    flags.add(text("region",
                   "class of the regions that were annotated whole: pixels outside of them take no "
                   "part",
                   data.region, "NAME"));
    flags.add(text("colours",
                   "for masks in colours: a file with a colour and a name in each line, or "
                   "background=#000000,NAME=#RRGGBB",
                   data.colours, "FILE"));
    flags.add({"link", "link images instead of copying them", &data.link});
    flags.add({"nuclei", "of cells of QuPath take the nucleus, where they have one", &data.nuclei});
    flags.add({"fill_crossings",
               "fill lines that cross themselves (even-odd rule) instead of stopping",
               &data.fill_crossings});
}

}  // namespace

int data(const Arguments& arguments) {
    RecipeFlags recipe;
    DataFlags given;
    Flags flags(
        "data", "show|import|export DATA --out DIR [options]",
        "show draws patches as training sees them: image (the frame is what the network's\n"
        "output covers), classes, and weights from black (0) to white. import makes a data\n"
        "set of what was drawn in ImageJ, QuPath, LabelMe or other programs, export writes\n"
        "objects for them.",
        {"unet data show examples/nuclei/train --out look",
         "unet data show DATA --out look --count 4 --elastic-sigma 20 --no-flips",
         "unet data show images.tif labels.tif --preset ronneberger2015 --out look",
         "unet data export truth --images images --format imagej --out rois",
         "unet data import rois --images images --out corrected",
         "unet data export truth --format geojson --out outlines",
         "unet data import outlines --images images --out again --link --json"});
    flags.operand("show|import|export", "what to do");
    flags.operand("DATA",
                  "show: as for `unet train`. import: a file or a folder of ImageJ regions (.zip, "
                  ".roi), GeoJSON of QuPath, JSON of LabelMe or COCO, NAME_masks of Cellpose, or "
                  "masks in colours. export: label maps, a file or a folder");
    flags.add({"out", "the folder that is written; import and export: a new one", &given.out},
              "DIR");
    flags.add({"json", "print one JSON object", &given.json});
    add_exchange_flags(flags, given);
    flags.heading("show");
    flags.add({"count", "how many patches", &given.count, 1, 10000});
    recipe.add_to(flags, {"run", "network", "loss", "sampling", "augmentation"});
    if (!flags.parse(arguments, 2, 3)) return 0;
    const std::string action = flags.operands()[0];
    const std::vector<std::string> actions{"show", "import", "export"};
    if (!has(actions, action)) {
        const std::string nearest = nearest_word(action, actions);
        throw UsageError(
            fmt::format("unet data: found '{}', expected show, import or export{}", action,
                        nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
    }
    if (action != "show" && flags.operands().size() > 2)
        throw UsageError(fmt::format("unet data {}: found '{}', expected one operand", action,
                                     flags.operands()[2]));
    check_given(flags, action);
    if (given.out.empty())
        throw UsageError("unet data: --out DIR is missing: where should the result go?");
    recipe.settle(flags);
    if (action == "show") return show_data(recipe.options, flags.operands(), given);
    given.labels = recipe.options.reading.label_kind;
    given.ignore = recipe.options.reading.ignore;
    given.series = recipe.options.reading.stacks.series;
    given.by_pixels = recipe.options.reading.stacks.by_pixels;
    return action == "import" ? import_data(flags.operands()[1], given)
                              : export_data(flags.operands()[1], given);
}

}  // namespace unet::cli
