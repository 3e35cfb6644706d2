// Annotations as other programs write them: what is usable is imported, the rest is counted by
// reason. Pixels by shapely (areas), pycocotools (run lengths) and by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/annotation/annotation_file.h"
#include "unet/annotation/draw_labels.h"
#include "unet/annotation/image_finder.h"
#include "unet/annotation/import_counts.h"
#include "unet/annotation/zip.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

using namespace std::literals;
using Counts = std::map<LeftOut, std::int64_t>;

class ForeignFiles : public FolderTest {
protected:
    std::vector<AnnotatedImage> read(const std::string& name, std::string_view text,
                                     AnnotationFormat format = AnnotationFormat::detect) {
        write_file_atomically(folder / name, text);
        return read_annotations(folder / name, format);
    }
    /// Drawn into 20 x 30 pixels.
    DrawnLabels drawn(const std::string& name, std::string_view text,
                      const DrawOptions& options = {}) {
        ImageInfo info;
        info.size = {1, 20, 30};
        return draw_labels(read(name, text).at(0), info, options);
    }
    std::string told(const std::string& name, std::string_view text) {
        return message_of([&] { drawn(name, text); });
    }
};

std::int64_t pixels(const DrawnLabels& drawn) {
    return std::ssize(drawn.labels.values) -
           std::count(drawn.labels.values.begin(), drawn.labels.values.end(), 0u);
}

const std::string square = "[[2,2],[8,2],[8,8],[2,8],[2,2]]";
const std::string other = "[[12,2],[18,2],[18,8],[12,8],[12,2]]";

std::string polygon(const std::string& ring) {
    return R"({"type":"Polygon","coordinates":[)" + ring + "]}";
}
std::string feature(const std::string& geometry, const std::string& more = "") {
    return R"({"type":"Feature","geometry":)" + geometry + more + "}";
}
std::string collection(const std::string& geometries) {
    return R"({"type":"GeometryCollection","geometries":[)" + geometries + "]}";
}
const std::string line = R"({"type":"LineString","coordinates":[[18,8],[22,8]]})";

TEST_F(ForeignFiles, ACollectionOfGeometriesIsOneObject) {
    const auto labels =
        drawn("a.geojson", "[" + feature(polygon(square)) + "," +
                               feature(collection(polygon(other) + "," + line)) + "]");
    EXPECT_EQ(labels.objects, 2);
    EXPECT_EQ(pixels(labels), 72);
    EXPECT_EQ(labels.left_out, (Counts{{LeftOut::no_area, 1}}));
    const auto nested =
        drawn("a.geojson", feature(collection(collection(polygon(square) + "," + polygon(other)))));
    EXPECT_EQ(nested.objects, 1);
    EXPECT_EQ(pixels(nested), 72);
    const auto lines = drawn("a.geojson", "[" + feature(collection(line + "," + line)) + "]");
    EXPECT_EQ(lines.left_out, (Counts{{LeftOut::no_area, 2}}));
    const auto none = drawn("a.geojson", "[" + feature(collection("")) + "]");
    EXPECT_EQ(none.left_out, (Counts{{LeftOut::no_outline, 1}}));
}

TEST_F(ForeignFiles, CollectionsInAListAreRead) {
    const std::string file =
        R"({"type":"FeatureCollection","features":[)" + feature(polygon(square)) + "]}";
    EXPECT_EQ(pixels(drawn("a.json", "[" + file + "," + feature(polygon(other)) + "]")), 72);
    const auto labels = drawn("a.json", "[" + file + R"(,{"a":1}])");
    EXPECT_EQ(labels.objects, 1);
    EXPECT_EQ(labels.left_out, (Counts{{LeftOut::unusable, 1}}));
    EXPECT_TRUE(contains(labels.fault.value().what(), "a.json: feature 2: found other JSON"));
    EXPECT_TRUE(contains(told("a.json", R"([{"a":1}])"), "a.json: feature 1: found other JSON"));
}

TEST_F(ForeignFiles, UnknownGeometriesAreRefusedByName) {
    for (const char* type : {"polygon", "Circle", "Ellipse"})
        EXPECT_TRUE(contains(
            told("a.geojson",
                 "[" + feature(R"({"type":")"s + type + R"(","coordinates":[1,2]})") + "]"),
            "a.geojson: feature 1: found a geometry of the type '"s + type + "'"));
    for (const char* type : {"Point", "MultiPoint", "LineString", "MultiLineString"})
        EXPECT_EQ(drawn("a.geojson",
                        "[" + feature(R"({"type":")"s + type + R"(","coordinates":[]})") + "]")
                      .left_out,
                  (Counts{{LeftOut::no_area, 1}}));
}

TEST_F(ForeignFiles, NullIsAnEmptyList) {
    EXPECT_EQ(drawn("a.geojson", R"({"type":"FeatureCollection","features":null})").objects, 0);
    EXPECT_EQ(drawn("a.json", R"({"shapes":null})").objects, 0);
    const auto none = drawn("a.geojson", feature(R"({"type":"Polygon","coordinates":null})"));
    EXPECT_EQ(none.left_out, (Counts{{LeftOut::no_outline, 1}}));
}

TEST_F(ForeignFiles, GeometriesByThemselvesAreObjects) {
    EXPECT_EQ(pixels(drawn("a.json", polygon(square))), 36);
    EXPECT_EQ(drawn("a.geojson", "[" + polygon(square) + "," + polygon(other) + "]").objects, 2);
    EXPECT_EQ(drawn("a.json", collection(polygon(square) + "," + polygon(other))).objects, 2);
    EXPECT_EQ(drawn("a.geojson",
                    R"({"type":"MultiPolygon","coordinates":[[)" + square + "],[" + other + "]]}")
                  .objects,
              1);
}

TEST_F(ForeignFiles, ANumberThatIsNoneBesideTheOutlineDoesNotMatter) {
    for (const char* word : {"NaN", "Infinity", "-Infinity", "1e999"}) {
        const auto labels = drawn(
            "a.geojson",
            "[" +
                feature(polygon(square), R"(,"properties":{"measurements":{"S":)"s + word + "}}") +
                "]");
        EXPECT_EQ(pixels(labels), 36) << word;
        EXPECT_TRUE(labels.left_out.empty());
    }
}

TEST_F(ForeignFiles, ANumberThatIsNoneInsideTheOutlineLeavesTheObjectOut) {
    for (const char* word : {"NaN", "Infinity", "null", "1e999"}) {
        const auto ring = "[[2,2],[8,2],[8,"s + word + "],[2,8],[2,2]]";
        const auto labels =
            drawn("a.geojson", "[" + feature(polygon(ring)) + "," + feature(polygon(other)) + "]");
        EXPECT_EQ(labels.objects, 1) << word;
        EXPECT_EQ(pixels(labels), 36) << word;
        EXPECT_EQ(labels.left_out, (Counts{{LeftOut::no_number, 1}}));
    }
    // The same of LabelMe and COCO.
    const auto labelme = drawn("a.json", R"({"shapes": [
        {"label": "x", "shape_type": "circle", "points": [[5, 5], [NaN, 5]]},
        {"label": "x", "shape_type": "rectangle", "points": [[2, 2], [Infinity, 8]]},
        {"label": "x", "shape_type": "rectangle", "points": [[2, 2], [8, 8]]}]})");
    EXPECT_EQ(pixels(labelme), 36);
    EXPECT_EQ(labelme.left_out, (Counts{{LeftOut::no_number, 2}}));
    const auto coco =
        drawn("c.json", R"({"images": [{"id": 1, "file_name": "a.tif"}], "annotations": [
        {"image_id": 1, "segmentation": [[2, 2, 8, NaN, 8, 8]]},
        {"image_id": 1, "segmentation": [[2, 2, 8, 2, 8, 8, 2, 8]]}]})");
    EXPECT_EQ(pixels(coco), 36);
    EXPECT_EQ(coco.left_out, (Counts{{LeftOut::no_number, 1}}));
}

TEST_F(ForeignFiles, ANucleusIsToldAndTakenWhereItIsWanted) {
    const std::string cell =
        feature(polygon("[[0,0],[10,0],[10,10],[0,10]]"),
                R"(,"nucleusGeometry":)" + polygon(square) + R"(,"properties":{"name":"7"})");
    const std::string file = "[" + cell + "," + feature(polygon(other)) + "]";
    const auto cells = drawn("a.geojson", file);
    EXPECT_EQ(pixels(cells), 136);
    EXPECT_EQ(cells.left_out, (Counts{{LeftOut::nucleus, 1}}));
    DrawOptions options;
    options.nuclei = true;
    const auto nuclei = drawn("a.geojson", file, options);
    EXPECT_EQ(pixels(nuclei), 72);
    EXPECT_EQ(nuclei.labels.values[2 * 30 + 2], 7u);
    EXPECT_TRUE(nuclei.left_out.empty());
}

TEST_F(ForeignFiles, ClassesOfQuPathInAllItsForms) {
    const auto class_of = [&](const std::string& classification) {
        const auto read_file = read(
            "a.geojson",
            feature(polygon(square), R"(,"properties":{"classification":)" + classification + "}"));
        return read_file[0].annotations.at(0).class_name;
    };
    EXPECT_EQ(class_of(R"("Tumor")"), "Tumor");
    EXPECT_EQ(class_of(R"({"name":"Tumor","colorRGB":-3670016})"), "Tumor");
    EXPECT_EQ(class_of(R"({"names":["Tumor","Positive"],"color":[1,2,3]})"), "Tumor: Positive");
    EXPECT_EQ(class_of("null"), "");
}

/// One image, an annotation for each entry.
std::string coco_with(const std::string& annotations) {
    return R"({"images": [{"id": 1, "file_name": "a.tif", "width": 30, "height": 20}],
               "categories": [{"id": 1, "name": "cell"}], "annotations": [)" +
           annotations + "]}";
}

TEST_F(ForeignFiles, CocoWithoutASegmentationIsCounted) {
    const std::string good =
        R"({"image_id": 1, "category_id": 1, "segmentation": [[2,2,8,2,8,8,2,8]]})";
    for (const char* bad :
         {R"("bbox": [2, 2, 6, 6])", R"("segmentation": null)", R"("segmentation": [])",
          R"("segmentation": {})", R"("segmentation": "")", R"("segmentation": false)",
          R"("segmentation": {"size": [20, 30], "counts": null})",
          R"("segmentation": {"size": [20, 30], "counts": []})", R"("segmentation": [[]])"}) {
        const auto labels = drawn(
            "c.json", coco_with(R"({"image_id": 1, "category_id": 1, )"s + bad + "}," + good));
        EXPECT_EQ(labels.objects, 1) << bad;
        EXPECT_EQ(pixels(labels), 36) << bad;
        EXPECT_EQ(labels.left_out, (Counts{{LeftOut::no_outline, 1}})) << bad;
    }
}

TEST_F(ForeignFiles, CocoSegmentationsInAllForms) {
    // pycocotools: encode(mask), mask of rows 2 .. 7, columns 2 .. 7 of 20 x 30.
    const std::string counts = "[42,6,14,6,14,6,14,6,14,6,14,6,452]";
    for (const std::string& segmentation :
         {"[2,2,8,2,8,8,2,8]"s, "[[2,2],[8,2],[8,8],[2,8]]"s, "[[[2,2],[8,2],[8,8],[2,8]]]"s,
          R"([{"size":[20,30],"counts":)" + counts + "}]", "[[2.0,2,8,2,8,8,2,8]]"s,
          R"({"size":[20,30],"counts":)" + counts + "}",
          R"({"size":[20.0,30.0],"counts":[42.0,6.0,14,6,14,6,14,6,14,6,14,6,452.0]})"s,
          R"({"size":["20","30"],"counts":"42 6 14 6 14 6 14 6 14 6 14 6 452"})"s,
          R"({"size":[20,30],"counts":")" + counts + "\"}",
          R"({"size":[20,30],"counts":"Z16>000000000f="})"s,
          R"({"size":[20,30],"counts":"b'Z16>000000000f='"})"s}) {
        const auto labels = drawn(
            "c.json",
            coco_with(R"({"image_id":1,"category_id":1,"segmentation":)" + segmentation + "}"));
        EXPECT_EQ(labels.objects, 1) << segmentation;
        EXPECT_EQ(pixels(labels), 36) << segmentation;
    }
    for (const char* crowd : {"1", "true", "1.0", "\"1\""}) {
        const auto labels =
            drawn("c.json", coco_with(R"({"image_id":1.0,"category_id":"1","iscrowd":)"s + crowd +
                                      R"(,"segmentation":[2,2,8,2,8,8,2,8]})"));
        EXPECT_EQ(labels.objects, 0) << crowd;
        EXPECT_EQ(labels.ignored_pixels, 36) << crowd;
    }
    for (const char* segmentation :
         {R"({"size":[20,30],"counts":[42.5,6]})", R"({"size":[20,30],"counts":[-42,6]})",
          R"({"size":[20,30],"counts":[NaN,6]})", R"({"size":[20],"counts":[600]})", "[1,2,3]",
          R"({"counts":[600]})", "true", R"([["a","b"]])"})
        EXPECT_NE(told("c.json", coco_with(R"({"image_id":1,"category_id":1,"segmentation":)"s +
                                           segmentation + "}")),
                  "")
            << segmentation;
}

TEST_F(ForeignFiles, LabelMeWithoutPointsIsCounted) {
    const auto labels = drawn("a.json", R"({"imagePath": null, "shapes": [
        {"label": "x", "points": null}, {"label": "x"}, {"label": "x", "points": []},
        {"label": "x", "shape_type": "point", "points": [[3, 3]]},
        {"label": "x", "points": [[2,2],[8,2],[8,8],[2,8]]}]})");
    EXPECT_EQ(pixels(labels), 36);
    EXPECT_EQ(labels.left_out, (Counts{{LeftOut::no_area, 1}, {LeftOut::no_outline, 3}}));
}

TEST_F(ForeignFiles, MarksAndEncodingsDoNotMatter) {
    const std::string plain = "[" + feature(polygon(square)) + "]";
    std::string wide = "\xFF\xFE";
    for (const char c : plain) wide += {c, '\0'};
    for (const std::string& text :
         {"\xEF\xBB\xBF" + plain, wide,
          "[" + feature(polygon(square), ",\"properties\":{\"name\":\"Gr\xF6\xDF\x65\"}") + ",]"})
        EXPECT_EQ(pixels(drawn("a.geojson", text)), 36);
    EXPECT_EQ(read("a.geojson",
                   "[" + feature(polygon(square), ",\"properties\":{\"name\":\"Gr\xF6\xDF\x65\"}") +
                       "]")[0]
                  .annotations[0]
                  .name,
              "Gr\xC3\xB6\xC3\x9F\x65");
}

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

class Archives : public ForeignFiles {
protected:
    std::vector<AnnotatedImage> unpacked(const std::vector<ZipEntry>& entries,
                                         const std::string& name = "a.zip") {
        write_file_atomically(folder / name, std::span<const std::byte>(zip_of(entries)));
        return read_annotations(folder / name, AnnotationFormat::detect);
    }
    const std::vector<std::byte> roi =
        read_zip(std::filesystem::path(UNET_SOURCE_DIR) / "tests/annotation/imagej/RoiSet.zip")[0]
            .bytes;
};

TEST_F(Archives, WhatSystemsPutThereIsPassedOver) {
    const auto images = unpacked({{"RoiSet/", {}},
                                  {"RoiSet/0001.roi", roi},
                                  {"__MACOSX/RoiSet/._0001.roi", bytes_of("Mac OS X")},
                                  {"RoiSet\\0002.ROI", roi},
                                  {"RoiSet/.DS_Store", bytes_of("x")},
                                  {"RoiSet/Thumbs.db", bytes_of("x")}});
    ASSERT_EQ(images.size(), 1u);
    EXPECT_TRUE(images[0].left_out.empty());
    ASSERT_EQ(images[0].annotations.size(), 2u);
    EXPECT_EQ(images[0].annotations[0].name, "0001");
    EXPECT_EQ(images[0].annotations[1].name, "0002");
}

TEST_F(Archives, OtherFilesAreCountedAndNotUnpacked) {
    auto archive = zip_of({{"0001.roi", roi},
                           {"Results.csv", bytes_of("a,b")},
                           {"a.tif", std::vector<std::byte>(most_bytes_of_entry + 1)}});
    write_file_atomically(folder / "a.zip", std::span<const std::byte>(archive));
    const auto images = read_annotations(folder / "a.zip", AnnotationFormat::detect);
    EXPECT_EQ(images.at(0).annotations.size(), 1u);
    EXPECT_EQ(images[0].left_out, (Counts{{LeftOut::other_entry, 2}}));
    EXPECT_NE(message_of([&] {
                  unpacked({{"a.txt", bytes_of("x")}, {"__MACOSX/._a.roi", {}}});
              }).find("found no .roi in this archive"),
              std::string::npos);
    EXPECT_NE(message_of([&] {
                  unpacked({{"a.roi", bytes_of("x")}});
              }).find("no region of ImageJ"),
              std::string::npos);
}

TEST_F(Archives, HoldJsonToo) {
    const auto file = bytes_of("[" + feature(polygon(square)) + "]");
    const auto one = unpacked({{"export/cells.geojson", file}}, "slide.zip");
    ASSERT_EQ(one.size(), 1u);
    EXPECT_EQ(one[0].annotations.size(), 1u);
    EXPECT_EQ(one[0].annotations[0].where,
              (folder / "slide.zip/export/cells.geojson: feature 1").string());
    EXPECT_EQ(one[0].names, (std::vector<std::string>{"cells", "slide"}));
    EXPECT_EQ(one[0].file, folder / "slide.zip");
    const auto beside = unpacked({{"0001.roi", roi}, {"a.geojson", file}});
    ASSERT_EQ(beside.size(), 1u);
    EXPECT_EQ(beside[0].annotations.size(), 1u);
    EXPECT_EQ(beside[0].left_out, (Counts{{LeftOut::json_beside, 1}}));
    const auto two =
        unpacked({{"a.geojson", file}, {"b.GeoJSON", file}, {"notes.json", bytes_of("{}")}});
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(two[1].names, (std::vector<std::string>{"b"}));
    EXPECT_EQ(two[0].left_out, (Counts{{LeftOut::other_entry, 1}}));
}

TEST(ImportCounts, EveryReasonHasASentence) {
    for (const LeftOut reason :
         {LeftOut::no_area, LeftOut::no_outline, LeftOut::no_number, LeftOut::nucleus,
          LeftOut::outside, LeftOut::unusable, LeftOut::json_beside, LeftOut::other_entry}) {
        ImportCounts counts;
        DrawnLabels labels;
        labels.left_out = {{reason, 2}};
        counts.add(labels);
        counts.add(labels);
        ASSERT_EQ(counts.notes().size(), 1u);
        EXPECT_EQ(counts.notes()[0].substr(0, 2), "4 ");
        EXPECT_TRUE(counts.notes()[0].ends_with("(in 2 image(s))"));
    }
}

}  // namespace
}  // namespace unet
