#include "unet/train/validation.h"

#include <gtest/gtest.h>

#include <set>

#include "discs.h"

namespace unet {
namespace {

/// A network of one convolution that passes its input on: foreground where a pixel is above half of
/// the range 0 .. 255.
Model half_tone() {
    Model model;
    model.network = {.levels = 1, .base_channels = 1, .convolutions = 1, .padding = Padding::same};
    model.tensors = nn::initial_weights(nn::build_network(model.network), 1);
    for (NamedTensor& tensor : model.tensors) {
        std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
        if (tensor.name == "encoder.0.conv.0.weight") tensor.values[4] = 1.0f;
        if (tensor.name == "head.weight") tensor.values = {0.0f, 20.0f};
        if (tensor.name == "head.bias") tensor.values = {0.0f, -10.0f};
    }
    model.info.labels = LabelKind::instances;
    model.info.normalisation = parse_normalisation("0:255", "test");
    return model;
}

PredictOptions one_thread() {
    PredictOptions options;
    options.threads = 1;
    return options;
}

Dataset discs_set(std::int64_t count) {
    Dataset set;
    set.meaning = {LabelKind::instances, {0, 1}, {}, ""};
    for (std::int64_t i = 0; i < count; ++i) {
        Sample sample;
        sample.name = "disc" + std::to_string(i);
        discs::draw(i, 32 + 8 * i, sample.image, sample.labels);
        set.samples.push_back(std::move(sample));
    }
    return set;
}

// Discs are 170 and brighter, the ground 42 and darker: the half-tone finds them exactly.
TEST(Validation, APerfectModelScoresOne) {
    const Dataset set = discs_set(3);
    Validator validator(set, 1);
    Context context(1);
    const auto seen = validator.validate(half_tone(), one_thread(), validator.usual(), 3, true);
    EXPECT_EQ(seen.score, 1.0);
    EXPECT_EQ(seen.images, 3);
    EXPECT_EQ(seen.pixels, 32 * 32 + 40 * 40 + 48 * 48);
    EXPECT_EQ(seen.scores.f1().value(), 1.0);
    EXPECT_EQ(seen.scores.iou().value(), 1.0);
    const Decision decision = validator.decide(context);
    EXPECT_EQ(decision.threshold, 0.5);  // all do: the one nearest to a half
    EXPECT_EQ(decision.minimum_size, 0);
    EXPECT_EQ(score_of(validator.rescored(decision).totals, LabelKind::instances), 1.0);
    // Probabilities of discs are above 0.95, so 0.8 changes nothing; a size above all discs' drops
    // them.
    EXPECT_EQ(score_of(validator.rescored({0.8, 0}).totals, LabelKind::instances), 1.0);
    EXPECT_EQ(score_of(validator.rescored({0.5, 500}).totals, LabelKind::instances), 0.0);
}

TEST(Validation, ScoresAreThoseOfTheDecision) {
    const Dataset set = discs_set(2);
    Validator validator(set, 1);
    const auto seen = validator.validate(half_tone(), one_thread(), {0.5, 500}, 2);
    EXPECT_EQ(seen.score, 0.0);
    EXPECT_EQ(seen.scores.f1().value(), 0.0);
}

TEST(Validation, OrderIsDrawnFromTheSeedAndKeepsToPixels) {
    const Dataset set = discs_set(8);
    const Validator validator(set, 5), same(set, 5), other(set, 6);
    std::set<std::string> names;
    bool differs = false;
    for (std::int64_t i = 0; i < 8; ++i) {
        names.insert(validator.sample(i).name);
        EXPECT_EQ(validator.sample(i).name, same.sample(i).name);
        differs = differs || validator.sample(i).name != other.sample(i).name;
    }
    EXPECT_EQ(names.size(), 8u);
    EXPECT_TRUE(differs);
    EXPECT_EQ(validator.images_within(1), 1);  // always one
    EXPECT_EQ(validator.images_within(validator.pixels(3)), 3);
    EXPECT_EQ(validator.images_within(validator.pixels(3) - 1), 2);
    EXPECT_EQ(validator.images_within(1 << 30), 8);
    // A tenth of the median disc's area, radius 4 to 6: 5 pixels of 49, or 11 of 113.
    EXPECT_GE(validator.usual().minimum_size, 4);
    EXPECT_LE(validator.usual().minimum_size, 12);
}

TEST(Validation, ClassesAreComparedByIndexAndIgnoredPixelsDoNotCount) {
    Dataset set = discs_set(2);
    set.meaning = {LabelKind::binary, {0, 200}, 7, ""};
    for (Sample& sample : set.samples)
        for (std::size_t i = 0; i < sample.labels.values.size(); ++i) {
            auto& value = sample.labels.values[i];
            value = value == 4 ? 7 : value != 0 ? 200 : 0;  // the fourth disc is not known
        }
    Model model = half_tone();
    model.info.labels = LabelKind::binary;
    Validator validator(set, 1);
    Context context(1);
    const auto seen = validator.validate(model, one_thread(), validator.usual(), 2, true);
    EXPECT_EQ(seen.score, 1.0);
    EXPECT_FALSE(seen.scores.f1().has_value());
    EXPECT_EQ(validator.decide(context).threshold, 0.5);
    const LabelMap classes = validator.class_map(0);
    EXPECT_EQ(std::set<std::uint32_t>(classes.values.begin(), classes.values.end()),
              (std::set<std::uint32_t>{0, 1, 255}));
}

TEST(Validation, WithoutImagesThereIsNothingToDecide) {
    const Dataset set;
    const Validator validator(set, 1);
    Context context(1);
    EXPECT_TRUE(validator.empty());
    EXPECT_EQ(validator.decide(context).threshold, 0.5);
}

// A strip held out of a picture may show mere slivers of its objects; what is usual is told by
// whole ones.
TEST(Validation, ObjectsAreAsLargeAsThoseTrainedOn) {
    const Dataset set = discs_set(3);
    const Validator of_itself(set, 1), told(set, 1, 40.0);
    EXPECT_LT(of_itself.usual().minimum_size, 12);
    EXPECT_EQ(told.usual().minimum_size, 125);         // a tenth of pi 20^2
    EXPECT_NEAR(told.usual().split_depth, 2.0, 0.01);  // a twentieth of 40
}

}  // namespace
}  // namespace unet
