// Real nuclei to every format and back: the same pixels with the same numbers.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/folder.h"
#include "unet/annotation/export.h"
#include "unet/annotation/import.h"
#include "unet/core/error.h"
#include "unet/image/read.h"
#include "unet/image/write.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

class RoundTripTest : public FolderTest {
protected:
    /// Exports and imports; the label maps as they come back must be those in `labels`.
    ImportReport round(const fs::path& labels, const fs::path& images, AnnotationFormat format,
                       LabelKind kind = LabelKind::instances) {
        std::vector<ExportedMap> maps;
        for (const auto& entry : fs::directory_iterator(labels))
            maps.push_back({entry.path(), images / entry.path().filename()});
        const fs::path out = folder / fmt::format("out{}", rounds_), back = out.string() + " back";
        ++rounds_;
        export_annotations(maps, {format, kind, names_, {}}, out);
        ImportOptions options;
        options.annotations = out;
        options.images = images.string();
        options.link = true;
        options.classes = names_;
        if (kind == LabelKind::classes) options.labels = LabelsChoice::classes;
        ImportReport report = import_annotations(options, back);
        for (const ExportedMap& map : maps) {
            const LabelMap before = read_labels(map.labels);
            const LabelMap after =
                read_labels(back / "labels" / (map.labels.stem().string() + ".tif"));
            EXPECT_EQ(before.size, after.size);
            EXPECT_EQ(before.values, after.values) << map.labels;
        }
        EXPECT_TRUE(report.notes.empty());
        return report;
    }

    std::vector<std::string> names_;  ///< of the classes
    int rounds_ = 0;
};

constexpr AnnotationFormat all_formats[] = {AnnotationFormat::imagej, AnnotationFormat::geojson,
                                            AnnotationFormat::labelme, AnnotationFormat::coco};

TEST_F(RoundTripTest, FiveHundredNucleiKeepTheirPixels) {
    const fs::path nuclei = fs::path(UNET_SOURCE_DIR) / "examples/nuclei/val";
    for (const AnnotationFormat format : all_formats) {
        std::int64_t objects = 0;
        for (const ImportedImage& image :
             round(nuclei / "labels", nuclei / "images", format).images)
            objects += image.objects;
        EXPECT_GE(objects, 500);
    }
}

/// Values with holes inside holes, pieces, pixels that meet at corners.
LabelMap noise(const Size3& size, std::uint32_t values, std::uint32_t seed) {
    LabelMap map{size, {}, {}};
    std::uint32_t state = seed;
    for (std::int64_t i = 0; i < size.elements(); ++i) {
        state = state * 1664525u + 1013904223u;
        map.values.push_back((state >> 16) % (values + 1));
    }
    return map;
}

TEST_F(RoundTripTest, NoiseWithHolesAndPiecesKeepsItsPixels) {
    fs::create_directories(folder / "noise");
    for (std::uint32_t seed : {1u, 2u, 3u})
        write_labels(folder / "noise" / fmt::format("n{}.tif", seed),
                     noise({1, 23 + seed, 31}, 1 + 2 * seed, seed));
    LabelMap sieve = noise({1, 25, 33}, 3, 4);  // one object, holes side by side
    for (std::uint32_t& value : sieve.values) value = value > 0 ? 1 : 0;
    write_labels(folder / "noise/sieve.tif", sieve);
    for (const AnnotationFormat format : all_formats)
        round(folder / "noise", folder / "noise", format);
}

TEST_F(RoundTripTest, ObjectsAsHighOrWideAsTheImageKeepTheirPixels) {
    fs::create_directories(folder / "bars");
    LabelMap upright{{1, 5, 9}, {}, {}}, level{{1, 9, 5}, {}, {}};
    for (std::uint32_t i = 0; i < 45; ++i) {
        upright.values.push_back(i % 9 % 3 == 0 ? 0 : 1 + i % 9 / 3);
        level.values.push_back(i / 5 % 3 == 0 ? 0 : 1 + i / 15);
    }
    write_labels(folder / "bars/upright.tif", upright);
    write_labels(folder / "bars/level.tif", level);
    for (const AnnotationFormat format : all_formats)
        round(folder / "bars", folder / "bars", format);
}

TEST_F(RoundTripTest, StacksKeepTheirSlices) {
    fs::create_directories(folder / "stacks");
    write_labels(folder / "stacks/s.tif", noise({4, 9, 11}, 3, 7));
    round(folder / "stacks", folder / "stacks", AnnotationFormat::imagej);
    round(folder / "stacks", folder / "stacks", AnnotationFormat::geojson);
    EXPECT_THROW(round(folder / "stacks", folder / "stacks", AnnotationFormat::labelme), Error);
    EXPECT_THROW(round(folder / "stacks", folder / "stacks", AnnotationFormat::coco), Error);
}

TEST_F(RoundTripTest, ClassesKeepTheirValues) {
    fs::create_directories(folder / "classes");
    write_labels(folder / "classes/c.tif", noise({1, 40, 37}, 3, 9));
    for (const AnnotationFormat format : all_formats) {
        const ImportReport report =
            round(folder / "classes", folder / "classes", format, LabelKind::classes);
        EXPECT_EQ(report.kind, LabelKind::classes);
        EXPECT_EQ(report.classes.size(), 3u);
    }
}

TEST_F(RoundTripTest, ClassesKeepTheirValuesBeyondNineAndWhereOthersAreAbsent) {
    fs::create_directories(folder / "classes");
    LabelMap some = noise({1, 30, 31}, 12, 5);
    for (std::uint32_t& value : some.values)
        if (value == 1 || value == 4) value = 0;
    write_labels(folder / "classes/c.tif", some);
    for (const AnnotationFormat format : all_formats)
        EXPECT_EQ(round(folder / "classes", folder / "classes", format, LabelKind::classes)
                      .classes.size(),
                  12u);
}

TEST_F(RoundTripTest, NamedClassesKeepTheirValues) {
    fs::create_directories(folder / "classes");
    write_labels(folder / "classes/c.tif", noise({1, 20, 21}, 3, 5));
    names_ = {"tumour", "stroma", "other"};
    for (const AnnotationFormat format : all_formats)
        EXPECT_EQ(round(folder / "classes", folder / "classes", format, LabelKind::classes).classes,
                  names_);
}

TEST_F(RoundTripTest, ImagesWithoutObjectsTakePart) {
    fs::create_directories(folder / "some");
    write_labels(folder / "some/some.tif", noise({1, 20, 21}, 3, 5));
    write_labels(folder / "some/none.tif", noise({1, 20, 21}, 0, 5));
    for (const AnnotationFormat format : all_formats)
        EXPECT_EQ(round(folder / "some", folder / "some", format).images.size(), 2u);
}

TEST_F(RoundTripTest, ImageJHasNoGroupForLargeClassValues) {
    LabelMap map = noise({1, 4, 5}, 1, 5);
    map.values[3] = 256;
    write_labels(folder / "large.tif", map);
    ExportOptions options{AnnotationFormat::imagej, LabelKind::classes, {}, {}};
    EXPECT_THROW(export_annotations({{folder / "large.tif", {}}}, options, folder / "out"), Error);
    EXPECT_FALSE(fs::exists(folder / "out"));
    options.kind = LabelKind::instances;
    EXPECT_NO_THROW(export_annotations({{folder / "large.tif", {}}}, options, folder / "out"));
}

TEST_F(RoundTripTest, CancelledLeavesNothing) {
    write_labels(folder / "a.tif", noise({1, 4, 5}, 2, 5));
    const std::vector<ExportedMap> maps{{folder / "a.tif", {}}, {folder / "a.tif", "b.tif"}};
    ExportOptions exporting{AnnotationFormat::imagej, LabelKind::instances, {}, {}};
    const auto code_of = [](auto action) {
        try {
            action();
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::io;
    };
    int asked = 0;
    exporting.cancelled = [&] { return ++asked == 2; };
    EXPECT_EQ(code_of([&] { export_annotations(maps, exporting, folder / "out"); }),
              ErrorCode::cancelled);
    exporting.cancelled = {};
    export_annotations({maps[0]}, exporting, folder / "rois");
    ImportOptions importing;
    importing.annotations = folder / "rois";
    importing.images = folder.string();
    asked = 0;
    importing.cancelled = [&] { return ++asked == 2; };  // in reading, in drawing
    EXPECT_EQ(code_of([&] { import_annotations(importing, folder / "back"); }),
              ErrorCode::cancelled);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2);
}

}  // namespace
}  // namespace unet
