#include "unet/jobs/predicting/predicted_image.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace unet {
namespace {

TEST(PredictedImage, ComesBackFromItsJson) {
    PredictedImage image{{"in/a.tif", "a"}};
    image.files = {{PredictionKind::probabilities, "out/probabilities/a.tif"},
                   {PredictionKind::objects, "out/objects/a.tif"}};
    image.objects = 27;
    image.overlays = {"out/overlay/a_0000.png", "out/overlay/a_0001.png"};
    const std::string text = to_json(image).dump();
    EXPECT_EQ(
        text,
        R"({"input":"in/a.tif","scale":1.0,"probabilities":"out/probabilities/a.tif","count":27,)"
        R"("objects":"out/objects/a.tif",)"
        R"("overlay":["out/overlay/a_0000.png","out/overlay/a_0001.png"]})");
    const PredictedImage back = predicted_image(nlohmann::ordered_json::parse(text));
    EXPECT_EQ(to_json(back).dump(), text);
    EXPECT_EQ(back.input.stem, "a");
    EXPECT_EQ(*back.file_of(PredictionKind::objects), "out/objects/a.tif");
    EXPECT_EQ(back.file_of(PredictionKind::labels), nullptr);
    EXPECT_FALSE(back.is_there());
}

TEST(PredictedImage, SaysWhoWritesIt) {
    PredictedImage image{{"a.tif", "a"}};
    image.written_by = "another share";
    EXPECT_EQ(to_json(image).dump(),
              R"({"input":"a.tif","scale":1.0,"written_by":"another share"})");
}

}  // namespace
}  // namespace unet
