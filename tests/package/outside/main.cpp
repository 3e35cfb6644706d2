// A program outside the project: reads a picture, predicts it by a network with drawn weights.
#include <unet/unet.h>

#include <cstdio>

int main(int argc, char** argv) {
    try {
        if (argc != 3) return 2;
        unet::Model model;
        model.network = {.levels = 2, .base_channels = 4};
        model.tensors = unet::nn::initial_weights(unet::nn::build_network(model.network), 1);
        model.info.normalisation.rule = unet::NormaliseRule::range;
        unet::Predictor predictor(model);
        const unet::LabelMap labels = predictor.labels(unet::read_image(argv[1]));
        std::printf("%zu labels\n", labels.values.size());
        unet::FileSource source(argv[1]);
        unet::TiffSink sink(argv[2], {.size = source.size(), .type = unet::SampleType::u16});
        predictor.limit_memory(400'000'000);
        predictor.predict(source, unet::PredictionKind::labels, sink);
        sink.finish();
        predictor.labels(unet::read_image("nowhere.png"));
    } catch (const unet::Error& error) {
        std::printf("%s\n", error.what());
    }
}
