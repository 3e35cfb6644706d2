#include "unet/jobs/predicting/predict_settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"

namespace unet {
namespace {

TEST(PredictSettings, GoThroughTheirTable) {
    PredictSettings settings, copy;
    settings.what = "labels,logits";
    settings.format = &format_named("ome-zarr");
    settings.stacks.channel = "1";
    settings.keep_going = false;
    from_json(fields_of(copy), to_json(fields_of(settings)), "test");
    EXPECT_EQ(to_json(fields_of(copy)), to_json(fields_of(settings)));
    EXPECT_EQ(copy.what, "labels,logits");
    EXPECT_EQ(copy.format, &format_named("ome-zarr"));
}

TEST(PredictSettings, SharesAreOfImagesOrOfTilesOfOne) {
    PredictSettings settings;
    settings.part = "2/3";
    std::vector<Input> inputs{{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}, {"e", "e"}};
    EXPECT_EQ(take_share(settings, inputs).of, 1);
    ASSERT_EQ(inputs.size(), 2u);
    EXPECT_EQ(inputs[0].stem + inputs[1].stem, "be");
    inputs.pop_back();
    const Share share = take_share(settings, inputs);
    EXPECT_EQ(inputs.size(), 1u);
    EXPECT_EQ(share.number, 2);
    EXPECT_EQ(share.of, 3);
}

TEST(PredictSettings, ErrorsNameTheSetting) {
    PredictSettings settings;
    std::vector<Input> inputs{{"a", "a"}, {"b", "b"}};
    for (const char* part : {"0/2", "3/2", "1", "1/2x", "a/b"}) {
        settings.part = part;
        EXPECT_EQ(
            message_of([&] { take_share(settings, inputs); }),
            fmt::format("`part`: found '{}', expected K/N with K from 1 to N, such as 2/8", part));
    }
    settings.where = "mask.png";
    EXPECT_EQ(message_of([&] { check_where(settings, inputs); }),
              "`where` mask.png is the mask of one image, found 2: predict each with its own");
    settings.tile = "big";
    EXPECT_EQ(message_of([&] { options_of(settings, {}); }),
              "`tile`: found 'big', expected a whole number");
}

}  // namespace
}  // namespace unet
