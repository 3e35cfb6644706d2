// A training loop of one's own: data set -> batches -> steps -> validation -> model. What `unet
// train` does besides (budgets, checkpoints, a run folder) is unet::train().
//
//     train DATA MODEL STEPS
#include <cstdio>
#include <cstdlib>

#include "unet/unet.h"

namespace {

void train(const char* folder, const char* file, std::int64_t steps) {
    unet::Context context;  // all threads
    unet::TrainOptions options;
    options.data = folder;
    options.recipe = unet::preset("default");
    unet::Recipe& recipe = options.recipe;
    recipe.network.base_channels = 8;
    recipe.sampling.patch = 64;

    const unet::TrainingData data = unet::read_training_data(
        context, options, [](const std::string& text) { std::printf("%s\n", text.c_str()); });
    recipe.network.in_channels = data.set->channels();
    recipe.network.classes = data.set->classes();

    unet::Learner learner(recipe, 1, unet::kernels::cpu_backend());
    learner.start(unet::nn::initial_weights(learner.network(), 1));
    unet::BatchQueue batches(*data.set,
                             {.batch_size = recipe.sampling.batch_size,
                              .geometry = unet::patch_geometry(recipe),
                              .foreground = data.foreground,
                              .augment = recipe.augment,
                              .seed = 1},
                             0);
    unet::Validator validator(data.validation, 1);
    for (std::int64_t step = 0; step < steps; ++step) {
        const double progress = static_cast<double>(step) / static_cast<double>(steps);
        const double rate =
            recipe.optimizer.learning_rate * unet::rate_factor(recipe.schedule, step, progress);
        const unet::nn::StepLoss loss = learner.step(context, batches.next(), rate);
        if (step % 20 == 0)
            std::printf("step %lld: loss %.3f\n", static_cast<long long>(step), loss.total);
    }
    const unet::Model model{recipe.network, learner.weights(), data.info, {}};
    const auto seen = validator.validate(model, {}, validator.usual(), validator.images());
    std::printf("score on %lld images: %.3f\n", static_cast<long long>(seen.images), seen.score);
    unet::write_model(file, model);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return std::fprintf(stderr, "usage: train DATA MODEL STEPS\n"), 2;
    try {
        train(argv[1], argv[2], std::atoll(argv[3]));
    } catch (const unet::Error& error) {
        return std::fprintf(stderr, "train: %s\n", error.what()), 1;
    }
}
