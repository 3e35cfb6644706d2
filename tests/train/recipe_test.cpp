#include "unet/train/recipe.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/testing/errors.h"
#include "unet/nn/network.h"

namespace unet {
namespace {

std::string message_of(const Recipe& recipe) {
    return unet::message_of([&] { check(recipe); });
}

// Ronneberger et al. 2015: figure 1 (572 -> 388), section 3 (momentum 0.99, one image a batch,
// w0 = 10, sigma = 5 pixels), section 3.1 (10 pixels on a 3 x 3 grid); 31,030,658 is what the
// figure's layers add up to for one channel and two classes.
TEST(Recipe, Ronneberger2015IsThePaper) {
    const Recipe recipe = preset("ronneberger2015");
    const auto network = nn::build_network(recipe.network);
    EXPECT_EQ(network.parameter_count(), 31030658);
    EXPECT_EQ(nn::output_size(network, {1, recipe.sampling.patch, recipe.sampling.patch}),
              (Size3{1, 388, 388}));
    EXPECT_EQ(recipe.network.dropout, 0.5);
    EXPECT_EQ(recipe.optimizer.optimizer, OptimizerKind::sgd);
    EXPECT_EQ(recipe.optimizer.momentum, 0.99);
    EXPECT_EQ(recipe.optimizer.weight_decay, 0.0);
    EXPECT_EQ(recipe.sampling.batch_size, 1);
    EXPECT_EQ(recipe.loss.targets.border_weight, 10.0);
    EXPECT_EQ(recipe.loss.targets.border_sigma, 5.0);
    EXPECT_TRUE(recipe.loss.targets.class_balance);
    EXPECT_EQ(recipe.loss.dice_weight, 0.0);
    EXPECT_EQ(recipe.augment.elastic_grid, 3);
    EXPECT_EQ(recipe.augment.elastic_sigma, 10.0);
    EXPECT_FALSE(recipe.augment.flips);
    EXPECT_EQ(recipe.average, 0.0);
}

TEST(Recipe, EveryPresetIsValidAndNamed) {
    for (const std::string& name : preset_names()) {
        const Recipe recipe = preset(name);
        EXPECT_EQ(recipe.preset, name);
        EXPECT_EQ(message_of(recipe), "");
    }
    const auto message = unet::message_of([] { preset("roneberger2015"); });
    EXPECT_TRUE(contains(message, "did you mean 'ronneberger2015'?")) << message;
}

// Every key is a flag of `unet train`: two sections must not share one.
TEST(Recipe, KeysAreUnique) {
    Recipe recipe;
    std::set<std::string> keys;
    for (const Section& section : sections_of(recipe))
        for (const Field& field : section.fields)
            EXPECT_TRUE(keys.insert(field.name).second) << field.name;
    EXPECT_FALSE(keys.contains("in_channels"));
    EXPECT_FALSE(keys.contains("classes"));
}

TEST(Recipe, ComesBackFromTextAndFromJson) {
    Recipe written = preset("ronneberger2015");
    written.optimizer.learning_rate = 0.1 + 0.2;
    written.average = 0.99;
    const auto text = config_text(sections_of(written));
    Recipe from_text, from_object;
    read_config(sections_of(from_text), text, "config.toml");
    from_json(sections_of(from_object), to_json(sections_of(written)), "last.safetensors");
    EXPECT_EQ(config_text(sections_of(from_text)), text);
    EXPECT_EQ(config_text(sections_of(from_object)), text);
    EXPECT_EQ(from_object.optimizer, written.optimizer);
    EXPECT_EQ(from_object.network, written.network);
}

TEST(Recipe, NumbersOutOfRangeAreNamed) {
    Recipe recipe;
    recipe.optimizer.learning_rate = -1.0;
    EXPECT_NE(message_of(recipe).find("learning_rate"), std::string::npos);
    recipe = {};
    recipe.sampling.batch_size = 0;
    EXPECT_NE(message_of(recipe).find("batch_size"), std::string::npos);
    recipe = {};
    recipe.loss.targets.border_sigma = 0.0;
    EXPECT_NE(message_of(recipe).find("border_sigma"), std::string::npos);
    recipe = {};
    recipe.augment.scale_min = 3.0;  // above scale_max
    EXPECT_NE(message_of(recipe).find("scale"), std::string::npos);
}

TEST(Recipe, APatchThatDoesNotSuitTheNetworkIsAnError) {
    Recipe recipe = preset("ronneberger2015");
    recipe.sampling.patch = 570;
    EXPECT_NE(message_of(recipe).find("572"), std::string::npos) << message_of(recipe);
    recipe = preset("default");
    recipe.sampling.patch = 190;
    EXPECT_NE(message_of(recipe).find("192"), std::string::npos) << message_of(recipe);
}

}  // namespace
}  // namespace unet
