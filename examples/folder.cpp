// A folder of images in, a file of numbered objects for each and a table of counts out.
//
//     folder MODEL IMAGES OUT
#include <cstdio>

#include "unet/unet.h"

int main(int argc, char** argv) {
    if (argc != 4) return std::fprintf(stderr, "usage: folder MODEL IMAGES OUT\n"), 2;
    try {
        unet::PredictSettings settings;
        settings.out = argv[3];
        settings.table = settings.out + "/counts.csv";
        unet::PredictHooks hooks;
        hooks.done = [](const unet::PredictedImage& image) {
            std::printf("%s: %d objects\n", image.files[0].path.string().c_str(),
                        static_cast<int>(image.objects.value_or(0)));
        };
        const unet::Model model = unet::read_model(unet::model_file(argv[1]));
        const auto files =
            unet::predict_files(settings, model, unet::collect_inputs({argv[2]}), hooks);
        for (const unet::FailedInput& failure : files.failed)
            std::fprintf(stderr, "folder: %s\n", failure.error.what());
        return files.failed.empty() ? 0 : 1;
    } catch (const unet::Error& error) {
        return std::fprintf(stderr, "folder: %s\n", error.what()), 1;
    }
}
