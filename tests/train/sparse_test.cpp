#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "discs.h"
#include "tests/testing/folder.h"
#include "unet/evaluate/evaluation.h"
#include "unet/model/model.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

constexpr std::uint32_t unknown = 0, ground = 1, disc = 2;

/// Of a picture's annotation only strokes: one row through the upper discs, and the picture's upper
/// edge, which is ground.
LabelMap strokes_of(const LabelMap& labels) {
    LabelMap strokes = labels;
    std::fill(strokes.values.begin(), strokes.values.end(), unknown);
    const std::int64_t width = labels.size.width, row = labels.size.height / 4;
    for (const std::int64_t y : {std::int64_t{0}, row})
        for (std::int64_t x = 0; x < width; ++x) {
            const auto at = static_cast<std::size_t>(y * width + x);
            strokes.values[at] = labels.values[at] != 0 ? disc : ground;
        }
    return strokes;
}

class SparseTest : public FolderTest {
protected:
    SparseTest() {
        discs::write(folder / "data", 8);
        for (std::int64_t i = 0; i < 8; ++i) {
            Image image;
            LabelMap labels;
            discs::draw(i, 32, image, labels);
            write_labels(folder / "data/labels" / fmt::format("disc{}.tif", i), strokes_of(labels));
        }
    }
};

// 6 % of the pixels are annotated; the model is judged on all pixels of pictures that it never saw.
// Calling everything ground would score 0, everything a disc 0.27.
TEST_F(SparseTest, StrokesTrainAModelThatFindsWholeDiscs) {
    auto options = discs::options(folder / "data", folder / "run", 80);
    options.recipe.network.dropout = 0.0;
    options.reading.label_kind = LabelsChoice::binary;
    options.reading.ignore = unknown;
    const TrainResult result = train(options, {.threads = 1});
    ASSERT_TRUE(result.scores.has_value());
    EXPECT_EQ(result.scores->confusion.pixels(),
              2 * 64);  // two pictures validate, by strokes alone

    Predictor predictor(read_model(result.model));
    Evaluation whole;
    whole.options.kind = LabelKind::binary;
    for (std::int64_t i = 20; i < 24; ++i) {
        Image image;
        LabelMap labels;
        discs::draw(i, 32, image, labels);
        accumulate(whole, fmt::format("disc{}", i), predictor.labels(image), labels);
    }
    EXPECT_GT(whole.totals.iou().value(), 0.8);
}

}  // namespace
}  // namespace unet
