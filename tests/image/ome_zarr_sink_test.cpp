#include "unet/image/zarr/ome_zarr_sink.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

using nlohmann::json;

class OmeZarrSinkTest : public FolderTest {
protected:
    /// What the group at the top says of channels, once `write` has given the pixels.
    template <class Write>
    json shown(const FileShape& shape, Write write) const {
        const auto path = folder / "a.ome.zarr";
        OmeZarrSink sink(path, shape, 1);
        write(sink);
        sink.finish();
        const auto bytes = read_file(path / ".zattrs");
        const auto* text = reinterpret_cast<const char*>(bytes.data());
        return json::parse(text, text + bytes.size()).value("omero", json());
    }
};

FileShape channels(const std::vector<std::string>& names, SampleType type) {
    FileShape shape;
    shape.size = {1, 1, 2};
    shape.name = "probabilities";
    shape.channels = std::ssize(names);
    shape.channel_names = names;
    shape.type = type;
    return shape;
}

json channel(const std::string& label, const std::string& colour, bool active, double low,
             double high) {
    return {{"label", label},
            {"color", colour},
            {"active", active},
            {"window", {{"min", low}, {"max", high}, {"start", low}, {"end", high}}}};
}

TEST_F(OmeZarrSinkTest, ProbabilitiesAreShownWithoutTheBackground) {
    // Shown with it, additively as napari does, they are 1 everywhere.
    FileShape shape = channels({"background", "object"}, SampleType::u8);
    shape.factor = 255.0;
    EXPECT_EQ(shown(shape,
                    [](FileSink& sink) {
                        sink.write({0, 0, 0, {1, 1, 2}}, std::vector{0.75f, 0.5f, 0.25f, 0.5f});
                    }),
              (json{{"version", "0.4"},
                    {"name", "probabilities"},
                    {"channels",
                     {channel("background", "FFFFFF", false, 0, 255),
                      channel("object", "FFFFFF", true, 0, 255)}}}));
}

TEST_F(OmeZarrSinkTest, ClassesHaveTheirColours) {
    FileShape shape = channels({"none", "gland", "vessel", "nerve"}, SampleType::f32);
    shape.colours = {{1, 1, 1}, {255, 0, 10}, {0, 160, 0}};
    const Colour own = label_colour(3);
    EXPECT_EQ(shown(shape,
                    [](FileSink& sink) {
                        sink.write({0, 0, 0, {1, 1, 2}}, std::vector<float>(8, 0.25f));
                    })["channels"],
              (json{channel("none", "FFFFFF", false, 0, 1), channel("gland", "FF000A", true, 0, 1),
                    channel("vessel", "00A000", true, 0, 1),
                    channel("nerve", fmt::format("{:02X}{:02X}{:02X}", own[0], own[1], own[2]),
                            true, 0, 1)}));
}

TEST_F(OmeZarrSinkTest, LogitsAreShownFromTheLeastToTheLargest) {
    EXPECT_EQ(shown(channels({"background", "object"}, SampleType::f32),
                    [](FileSink& sink) {
                        sink.write({0, 0, 0, {1, 1, 1}}, std::vector{-3.5f, 3.0f});
                        sink.write({0, 0, 1, {1, 1, 1}}, std::vector{1.0f, 7.25f});
                    })["channels"],
              (json{channel("background", "FFFFFF", false, -3.5, 7.25),
                    channel("object", "FFFFFF", true, -3.5, 7.25)}));
}

TEST_F(OmeZarrSinkTest, LabelsAreShownUpToTheLargest) {
    // Of 8 bits viewers show 0 to 255 otherwise, and the labels 1 and 2 would be black.
    FileShape shape;
    shape.size = {1, 1, 2};
    shape.type = SampleType::u8;
    shape.name = "labels";
    shape.labels = true;
    for (const std::uint32_t largest : {0u, 1u, 2u, 200u})
        EXPECT_EQ(shown(shape,
                        [&](FileSink& sink) {
                            sink.write_labels({0, 0, 0, {1, 1, 2}}, std::vector{largest, 0u});
                        })["channels"],
                  json::array({channel("labels", "FFFFFF", true, 0, std::max(largest, 1u))}))
            << largest;
}

TEST_F(OmeZarrSinkTest, OtherPicturesSayNothing) {
    FileShape shape;
    shape.size = {1, 1, 2};
    EXPECT_EQ(shown(shape,
                    [](FileSink& sink) {
                        sink.write({0, 0, 0, {1, 1, 2}}, std::vector{0.0f, 9.0f});
                    }),
              json());
}

}  // namespace
}  // namespace unet
