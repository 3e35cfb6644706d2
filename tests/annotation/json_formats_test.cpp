#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/annotation/annotation_file.h"
#include "unet/annotation/coco.h"
#include "unet/annotation/draw_labels.h"
#include "unet/annotation/geojson.h"
#include "unet/annotation/labelme.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

using Json = nlohmann::json;

ImageInfo info_of(std::int64_t height, std::int64_t width) {
    ImageInfo info;
    info.size = {1, height, width};
    return info;
}

std::string feature(const std::string& coordinates, const std::string& properties) {
    return R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":)" + coordinates +
           R"(},"properties":{)" + properties + "}}";
}

DrawnLabels drawn(const std::string& features, const DrawOptions& options = {}) {
    return draw_labels(read_geojson("a.geojson", Json::parse("[" + features + "]")), info_of(6, 8),
                       options);
}

const std::string square = "[[[1,1],[4,1],[4,4],[1,4],[1,1]]]";
const std::string region = "[[[0,0],[5,0],[5,6],[0,6],[0,0]]]";

TEST(GeoJsonTest, OutsideOfRegionsIsIgnored) {
    const DrawnLabels labels = drawn(feature(region, R"("classification":{"name":"Region*"})") +
                                     "," + feature(square, R"("classification":{"name":"Cell"})"));
    EXPECT_EQ(labels.objects, 1);
    EXPECT_EQ(labels.ignored_pixels, 18);
    EXPECT_EQ(labels.labels.values[0], 0u);
    EXPECT_EQ(labels.labels.values[1 * 8 + 1], 1u);
    EXPECT_EQ(labels.labels.values[7], ignored_value);
}

TEST(GeoJsonTest, IgnoredAnnotationsTakeNoPart) {
    const DrawnLabels labels = drawn(feature(square, R"("classification":"Ignore*")"));
    EXPECT_EQ(labels.objects, 0);
    EXPECT_EQ(labels.ignored_pixels, 9);
}

TEST(GeoJsonTest, TheSmallerOneIsNotLost) {
    const DrawnLabels labels = drawn(feature(square, "") + "," + feature(region, ""));
    EXPECT_EQ(labels.objects, 2);
    EXPECT_EQ(labels.overlap_pixels, 9);
    EXPECT_EQ(labels.labels.values[1 * 8 + 1], 1u);
    EXPECT_EQ(labels.labels.values[0], 2u);
}

TEST(GeoJsonTest, NamesThatAreNumbersAreKept) {
    EXPECT_EQ(drawn(feature(square, R"("name":"77")")).labels.values[9], 77u);
    EXPECT_EQ(drawn(feature(square, R"("name":"cell 77")")).labels.values[9], 1u);
}

TEST(GeoJsonTest, FaultsAreNamed) {
    const auto told = [](const std::string& features, const DrawOptions& options = {}) {
        return message_of([&] { drawn(features, options); });
    };
    EXPECT_TRUE(contains(told(feature("[[[20,1],[24,1],[24,4]]]", "")),
                         "a.geojson: feature 1: it lies wholly outside the image of 6 x 8"));
    const std::string bow = feature("[[[0,0],[6,6],[6,0],[0,6],[0,0]]]", "");
    EXPECT_TRUE(contains(told(bow), "crosses itself near x 3.0, y 3.0"));
    DrawOptions filling;
    filling.fill_crossings = true;
    EXPECT_EQ(drawn(bow, filling).crossing, 1);
    EXPECT_EQ(drawn(feature("[[[4,1],[20,1],[20,4],[4,4]]]", "")).clipped, 1);
    EXPECT_TRUE(contains(told(feature("[[[1]]]", "")), "expected a point [x, y]"));
    EXPECT_TRUE(contains(told(feature("[[[1e300,0]]]", "")), "expected a coordinate in pixels"));
    EXPECT_TRUE(contains(told(feature("3", "")), "expected a list"));
    EXPECT_TRUE(contains(told(R"({"type":"Feature","geometry":{}})"), "found no 'type'"));
    EXPECT_TRUE(contains(told("3"), "expected an object"));
    DrawOptions classes;
    classes.kind = LabelKind::classes;
    classes.classes = {"A"};
    EXPECT_TRUE(contains(told(feature(square, R"("classification":"B")"), classes),
                         "found the class 'B', expected one of: A"));
}

TEST(GeoJsonTest, PointsAndLinesAreCounted) {
    const AnnotatedImage read = read_geojson(
        "a.geojson",
        Json::parse(R"([{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}])"));
    EXPECT_EQ(read.left_out.at(LeftOut::no_area), 1);
    EXPECT_TRUE(read.annotations.empty());
}

TEST(GeoJsonTest, AnnotationsWithoutAnOutlineAreCounted) {
    for (const char* coordinates : {"[]", "[[]]", "[[],[]]"}) {
        const DrawnLabels labels = drawn(feature(coordinates, "") + "," +
                                         feature(coordinates, R"("classification":"Region*")") +
                                         "," + feature(square, ""));
        EXPECT_EQ(labels.left_out.at(LeftOut::no_outline), 2) << coordinates;
        EXPECT_EQ(labels.objects, 1);
        EXPECT_EQ(labels.ignored_pixels, 0);
    }
    EXPECT_EQ(drawn(R"({"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[]}})")
                  .left_out.at(LeftOut::no_outline),
              1);
    // RFC 7946, 3.2: a feature that is nowhere.
    EXPECT_EQ(drawn(R"({"type":"Feature","geometry":null,"properties":{}})")
                  .left_out.at(LeftOut::no_outline),
              1);
}

TEST(GeoJsonTest, AHoleOutsideOfItsOutlineIsRefused) {
    const std::string outer = "[0,0],[4,0],[4,4],[0,4],[0,0]";
    const auto told = [&](const std::string& inner) {
        return message_of([&] { drawn(feature("[[" + outer + "],[" + inner + "]]", "")); });
    };
    for (const char* hole : {"[5,4],[7,4],[7,6],[5,6]", "[5,1],[7,1],[7,3],[5,3]"})
        EXPECT_TRUE(contains(told(hole), "a.geojson: feature 1: its hole near x 5.0, y")) << hole;
    EXPECT_EQ(told("[1,1],[3,1],[3,3],[1,3]"), "");
    EXPECT_EQ(told("[0,0],[3,1],[3,3],[1,3]"), "");        // at a corner
    EXPECT_EQ(told("[7.1,5.1],[7.2,5.1],[7.2,5.2]"), "");  // of no pixel
    EXPECT_EQ(told(""), "");
}

TEST(LabelMeTest, TurnedRectanglesAreDrawnAndUnknownTypesAreRefused) {
    const auto read = [](const std::string& type) {
        return read_labelme("a.json",
                            Json::parse(R"({"shapes": [{"label": "x", "shape_type": ")" + type +
                                        R"(", "points": [[3,1],[5,3],[3,5],[1,3]]}]})"));
    };
    ASSERT_EQ(read("rotation").annotations.size(), 1u);
    EXPECT_EQ(read("rotation").annotations[0].pieces, read("polygon").annotations[0].pieces);
    for (const char* type : {"point", "points", "line", "linestrip"})
        EXPECT_EQ(read(type).left_out.at(LeftOut::no_area), 1) << type;
    for (const char* type : {"cuboid", "mask"})
        EXPECT_TRUE(
            contains(message_of([&] { read(type); }),
                     fmt::format("a.json: shape 1: found a shape of the type {}, expected", type)));
}

TEST(LabelMeTest, ShapesAndGroups) {
    const AnnotatedImage read = read_labelme("a.json", Json::parse(R"({"shapes": [
        {"label": "a", "points": [[1, 1], [4, 1], [4, 4], [1, 4]], "group_id": 3},
        {"label": "a", "points": [[6, 1], [7, 2]], "group_id": 3, "shape_type": "rectangle"},
        {"label": "b", "points": [[3, 3], [3, 5]], "shape_type": "circle"},
        {"label": "b", "points": [[3, 3], [3, 5]], "shape_type": "line"}],
        "imagePath": "..\\images\\a.png", "imageHeight": 6, "imageWidth": 8, "imageData": null})"));
    EXPECT_EQ(read.annotations.size(), 2u);
    EXPECT_EQ(read.annotations[0].pieces.size(), 2u);
    EXPECT_EQ(read.left_out.at(LeftOut::no_area), 1);
    EXPECT_EQ(read.image, "..\\images\\a.png");
    EXPECT_TRUE(
        contains(message_of([&] { draw_labels(read, info_of(7, 8), {}); }),
                 "speaks of an image of 6 x 8 pixels (height x width), found one of 7 x 8"));
}

// Written by pycocotools 2.0: mask.encode of the squares below, mask.frPyObjects.
TEST(CocoTest, RunLengthsOfPycocotools) {
    const std::vector<std::int64_t> counts{7, 3, 3, 3, 3, 3, 26};
    EXPECT_EQ(packed_counts(counts), "733000g0");
    EXPECT_EQ(unpacked_counts("733000g0", "here"), counts);
    const std::vector<std::int64_t> large{1000000, 1, 70000, 123456, 2};
    EXPECT_EQ(unpacked_counts(packed_counts(large), "here"), large);
    EXPECT_THROW(unpacked_counts("7\x01", "here"), Error);
    EXPECT_THROW(unpacked_counts("o", "here"), Error);
    EXPECT_THROW(unpacked_counts(std::string(100, 'o'), "here"), Error);
}

TEST(CocoTest, PolygonsRunsAndCrowds) {
    const auto read = read_coco("a.json", Json::parse(R"({
        "images": [{"id": 7, "file_name": "a.png", "height": 6, "width": 8}],
        "categories": [{"id": 2, "name": "cell"}],
        "annotations": [
          {"image_id": 7, "category_id": 2, "segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]]},
          {"image_id": 7, "category_id": 2, "iscrowd": 1,
           "segmentation": {"size": [6, 8], "counts": [30, 18]}}]})"));
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].annotations[0].class_name, "cell");
    const DrawnLabels labels = draw_labels(read[0], info_of(6, 8), {});
    EXPECT_EQ(labels.objects, 1);
    EXPECT_EQ(labels.ignored_pixels, 18);
    EXPECT_EQ(labels.labels.values[5], ignored_value);
}

TEST(CocoTest, BoxesAloneAreCounted) {
    const auto read = read_coco("a.json", Json::parse(R"({
        "images": [{"id": 7, "file_name": "a.png"}], "categories": [],
        "annotations": [{"image_id": 7, "segmentation": [], "bbox": [1, 1, 5, 5]},
                        {"image_id": 7, "segmentation": [[]], "bbox": [1, 1, 5, 5]}]})"));
    EXPECT_EQ(draw_labels(read[0], info_of(6, 8), {}).left_out.at(LeftOut::no_outline), 2);
}

TEST(CocoTest, FaultsAreNamed) {
    const auto told = [](const std::string& annotation) {
        return message_of([&] {
            read_coco("a.json",
                      Json::parse(R"({"images": [{"id": 1, "file_name": "a"}], "categories": [],
                                  "annotations": [)" +
                                  annotation + "]}"));
        });
    };
    EXPECT_TRUE(contains(told(R"({"image_id": 2, "segmentation": []})"),
                         "it is of the image 2, which 'images' does not list"));
    EXPECT_TRUE(contains(told(R"({"image_id": 1, "category_id": 4, "segmentation": []})"),
                         "of the category 4"));
    EXPECT_TRUE(contains(told(R"({"image_id": 1, "segmentation": [[1, 2, 3]]})"), "x, y, x, y"));
    EXPECT_TRUE(
        contains(told(R"({"image_id": 1, "segmentation": 3})"), "expected polygons or run"));
}

using AnnotationFileTest = FolderTest;

TEST_F(AnnotationFileTest, TheContentOfJsonDecides) {
    const auto path = folder / "what.json";
    const auto told = [&](std::string_view text) {
        write_file_atomically(path, text);
        return message_of([&] { read_annotations(path, AnnotationFormat::detect); });
    };
    EXPECT_EQ(told(R"({"shapes": []})"), "");
    EXPECT_EQ(told(R"({"images": [], "annotations": []})"), "");
    EXPECT_EQ(told(R"({"type": "FeatureCollection", "features": []})"), "");
    EXPECT_TRUE(contains(told(R"({"other": 1})"), "found JSON of another kind"));
    EXPECT_TRUE(contains(told(R"({"shapes": [)"), "found no JSON, expected a whole JSON file"));
    EXPECT_TRUE(contains(told(std::string(100000, '[')), "found no JSON"));
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    for (const char* form : {R"({{"type": "FeatureCollection", "features": [{}]}})",
                             R"({{"shapes": [{{"points": {}}}]}})",
                             R"({{"images": [{{"id": 1, "height": {}}}], "annotations": []}})"})
        EXPECT_TRUE(contains(told(fmt::format(fmt::runtime(form), deep)), "nested in more than"));
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace unet
