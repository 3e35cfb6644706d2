#include "unet/jobs/find_objects.h"

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/system/memory.h"
#include "unet/core/text/byte_size.h"
#include "unet/image/file_sink.h"
#include "unet/image/tiff/tiff_sink.h"
#include "unet/jobs/foreground.h"
#include "unet/predict/objects.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// What is left of `most` for an image's objects; 0 without a limit. Throws Error(memory).
std::int64_t bytes_for_objects(std::int64_t most, const Foreground& foreground) {
    if (most == 0) return 0;
    // What allocators, decoders and the writing of some rows take.
    constexpr std::int64_t small_things = std::int64_t{16} << 20;
    const std::int64_t needed =
        system::resident_memory() + finding_bytes(foreground) + small_things;
    if (needed >= most)
        fail_setting("max_ram", ErrorCode::memory,
                     "`max_ram`: needs at least {} before any object is found, found {}",
                     bytes_text(static_cast<double>(needed)),
                     bytes_text(static_cast<double>(most)));
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

}  // namespace

Fields fields_of(FindSettings& s) {
    return {
        {"threshold", "foreground is what is more probable than this", &s.threshold, 0.0, 1.0},
        {"full",
         "the stored value that is a probability of 1, such as 100 or 4095; 0: 1 of floats, the "
         "largest that integers of 8 or 16 bits hold",
         &s.full, 0.0, 1e12},
        {"split_depth", "objects are parted at waists so many pixels deep; 0: nowhere",
         &s.rule.split_depth, 0.0, 1e6},
        {"minimum_size", "objects of fewer pixels are dropped", &s.rule.minimum_pixels, 0, 1e12},
        {"fill_holes", "objects have no holes", &s.rule.fill_holes},
        {"drop_border", "without objects that touch the edge of the image", &s.rule.drop_border},
        text("max_ram", "the program never takes more memory than this, such as 512MB or 2GB",
             s.max_ram, "SIZE")};
}

InputResults<FoundObjects> find_objects(const FindSettings& settings,
                                        const std::vector<Input>& inputs, const JobHooks& hooks) {
    std::vector<fs::path> read;
    for (const Input& input : inputs) read.push_back(input.path);
    check_apart(settings.out, read);
    const ReadOptions options = read_options_of(settings.reading);
    const std::int64_t most_memory =
        settings.max_ram.empty() ? 0 : parse_bytes(settings.max_ram, "max_ram");
    create_folder(settings.out);
    return each_input(inputs, hooks, true, [&](const Input& input) {
        Foreground foreground(input.path, options, settings.full, settings.rule.boundary);
        const fs::path file = fs::path(settings.out) / (input.stem + ".tif");
        check_own(file);
        ObjectFinder objects;
        objects.limit_memory(bytes_for_objects(most_memory, foreground));
        ObjectRule rule = settings.rule;
        rule.boundary = foreground.boundary();
        find_objects(foreground, settings.threshold, rule, objects);
        write_found(objects, foreground, file);
        FoundObjects result{input, file, objects.count(), foreground.notes()};
        for (const std::string& note : result.notes)
            if (hooks.note) hooks.note(note);
        return result;
    });
}

}  // namespace unet
