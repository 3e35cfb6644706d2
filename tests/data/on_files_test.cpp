// A data set that stays on its files gives what one in memory does: SampleReader, Dataset,
// TrainingSet and BatchMaker.
#include <algorithm>

#include "tests/data/folder.h"
#include "tests/data/made.h"
#include "unet/data/batches.h"
#include "unet/data/dataset.h"
#include "unet/data/sample_reader.h"
#include "unet/data/split.h"
#include "unet/data/targets.h"
#include "unet/data/training_set.h"
#include "unet/pixels/normalise.h"

namespace unet {
namespace {

class OnFilesTest : public DataFolderTest {
protected:
    static constexpr std::uint32_t ignored = 999;

    /// A stack, and a picture of several blocks, with objects that touch, and pixels that are to be
    /// ignored.
    void write_set(std::int64_t channels = 1) {
        for (const auto& [name, size] :
             {std::pair{"a.tif", Size3{2, 150, 90}}, {"b.tif", Size3{1, 560, 1300}}}) {
            write(std::string("images/") + name, made::image_of(size, channels, size.width));
            LabelMap labels{size, {}, {}};
            for (std::int64_t z = 0; z < size.depth; ++z) {
                const LabelMap slice = made::cells(size.height, size.width, 200 - z, 9);
                labels.values.insert(labels.values.end(), slice.values.begin(), slice.values.end());
            }
            for (std::size_t i = 0; i < labels.values.size(); i += 1001) labels.values[i] = ignored;
            write(std::string("labels/") + name, labels);
        }
    }
    DatasetOptions options(bool on_files) {
        DatasetOptions options;
        options.images = folder;
        options.label_kind = LabelsChoice::instances;
        options.ignore = ignored;
        options.on_files = on_files;
        return options;
    }
    Dataset read(const DatasetOptions& options) { return read_dataset(context, options, notice()); }
    TrainingSet training_set(const DatasetOptions& options) {
        Dataset set = read(options);
        // Parts of pictures, as a split gives them.
        set = divide(std::move(set), split_images(set, 4)).first;
        const Normalisation image{NormaliseRule::image, {}, {}};
        return TrainingSet(context, std::move(set), image, {}, folder);
    }
    Context context{2};
};

void expect_same(const TrainingSet& memory, const TrainingSet& files, const Size3& part) {
    ASSERT_EQ(memory.slices(), files.slices());
    for (std::int64_t s = 0; s < memory.slices(); ++s) {
        const SliceView whole = memory.slice(s);
        const Size3 size = files.size_of_slice(s);
        ASSERT_EQ(size, (Size3{1, whole.planes.height, whole.planes.width}));
        SliceWindow window;
        for (std::int64_t y = 0; y < size.height; y += part.height)
            for (std::int64_t x = 0; x < size.width; x += part.width) {
                const Region region{0,
                                    y,
                                    x,
                                    {1, std::min(part.height, size.height - y),
                                     std::min(part.width, size.width - x)}};
                const SliceView view = files.slice(s, region, window);
                ASSERT_EQ(view.background_weight, whole.background_weight);
                for (std::int64_t row = y; row < y + region.size.height; ++row) {
                    const std::int64_t from = row * whole.planes.stride + x;
                    const std::int64_t at =
                        (row - view.planes.top) * view.planes.stride + x - view.planes.left;
                    const std::int64_t n = region.size.width;
                    for (std::int64_t c = 0; c < whole.channels; ++c)
                        ASSERT_TRUE(std::equal(whole.image + c * whole.channel_stride + from,
                                               whole.image + c * whole.channel_stride + from + n,
                                               view.image + c * view.channel_stride + at))
                            << "row " << row << ", column " << x;
                    ASSERT_TRUE(std::equal(whole.targets + from, whole.targets + from + n,
                                           view.targets + at));
                    ASSERT_TRUE(std::equal(whole.weights + from, whole.weights + from + n,
                                           view.weights + at))
                        << "row " << row << ", column " << x;
                }
            }
    }
}

TEST_F(OnFilesTest, ASetIsDescribedAsIfItWereRead) {
    write_set();
    const Dataset memory = read(options(false)), files = read(options(true));
    ASSERT_TRUE(memory.in_memory());
    ASSERT_FALSE(files.in_memory());
    EXPECT_EQ(files.bytes(), 0);
    EXPECT_EQ(files.slices(), memory.slices());
    EXPECT_EQ(files.fingerprint(context), memory.fingerprint(context));
    EXPECT_EQ(files.meaning.evidence, memory.meaning.evidence);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(object_diameters(files.samples[i]), object_diameters(memory.samples[i]));
        const Region region{0, 20, 30, {files.samples[i].image.size.depth, 50, 40}};
        const Sample part = part_of(memory.samples[i], region);
        const Sample read = loaded(part_of(files.samples[i], region), 2);
        EXPECT_EQ(part.image.values, read.image.values);
        EXPECT_EQ(part.labels.values, read.labels.values);
        EXPECT_EQ(part.image.size, region.size);
    }
}

TEST_F(OnFilesTest, ImagesTargetsAndWeightsAreTheSameBits) {
    write_set();
    const TrainingSet memory = training_set(options(false)), files = training_set(options(true));
    ASSERT_TRUE(memory.in_memory());
    ASSERT_FALSE(files.in_memory());
    EXPECT_EQ(memory.class_pixels(), files.class_pixels());
    EXPECT_EQ(memory.most_weight(), files.most_weight());
    EXPECT_GT(memory.most_weight(), 5.0f) << "else there are no borders that blocks could cut";
    EXPECT_LT(files.bytes(), memory.bytes() / 50);
    expect_same(memory, files, {1, 47, 131});
    expect_same(memory, files, {1, 1000, 2000});
}

TEST_F(OnFilesTest, BlocksLeaveNoTraceInTargetsAndWeights) {
    write_set();
    Dataset set = read(options(false));
    const Normalisation range{NormaliseRule::range, {}, {}};
    const TrainingSet training(context, set, range, {});
    for (std::size_t i = 0; i < 2; ++i) {
        LabelMap& labels = set.samples[i].labels;
        const auto targets = make_targets(labels, set.meaning, {}, "here");
        const auto weights =
            make_weights(labels, targets, set.meaning, {}, training.class_weights());
        const SliceView first = training.slice(i == 0 ? 0 : 2);
        const auto stored = [&](const auto* values) {
            return std::vector(values, values + targets.size());
        };
        EXPECT_EQ(stored(first.targets), targets);
        EXPECT_EQ(stored(first.weights), weights);
    }
}

TEST_F(OnFilesTest, ColoursAndGreyToo) {
    write_set(3);
    DatasetOptions grey = options(true), held = options(false);
    expect_same(training_set(held), training_set(grey), {1, 100, 300});
    grey.grey = held.grey = true;
    const TrainingSet memory = training_set(held);
    ASSERT_EQ(memory.channels(), 1);
    expect_same(memory, training_set(grey), {1, 100, 300});
}

TEST_F(OnFilesTest, BatchesAreTheSameBits) {
    write_set();
    const TrainingSet memory = training_set(options(false)), files = training_set(options(true));
    BatchOptions batches;
    batches.batch_size = 3;
    batches.geometry = {{1, 100, 120}, {1, 60, 80}};
    batches.foreground = 0.3;
    batches.seed = 5;
    BatchMaker one(memory, batches), other(files, batches);
    EXPECT_EQ(one.window_bytes(), 0);
    EXPECT_GT(other.window_bytes(), 100 * 120 * 9);
    Batch a, b;
    for (std::uint32_t step = 0; step < 40; ++step) {
        one.make(step, a);
        other.make(step, b);
        ASSERT_EQ(a.slices, b.slices);
        ASSERT_EQ(a.images, b.images) << step;
        ASSERT_EQ(a.targets, b.targets);
        ASSERT_EQ(a.weights, b.weights);
    }
}

TEST_F(OnFilesTest, WhatIsWrongWithAFileIsTold) {
    write("images/a.tif", made::image_of({1, 10, 20}));
    write("labels/a.tif", made::cells(10, 21, 3, 2));
    EXPECT_EQ(message_of([&] { read(options(true)); }),
              "DIR/images/a.tif has 10x20 pixels, its label map DIR/labels/a.tif has 10x21; "
              "expected the same size");
    Image image = made::image_of({1, 10, 21});
    image.type = SampleType::f32;
    image.values[5] = INFINITY;
    write("images/a.tif", image);
    EXPECT_NE(message_of([&] { read(options(true)); }).find("row 0, column 5"), std::string::npos);
    write("images/a.tif", made::image_of({1, 10, 21}));
    write("labels/a.tif", made::image_of({1, 10, 21}, 3));
    EXPECT_NE(message_of([&] { read(options(true)); }).find("expected labels"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(folder / "labels/a.tif"));
}

TEST_F(OnFilesTest, NothingIsLeftInTheFolder) {
    write_set();
    const TrainingSet files = training_set(options(true));
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, (std::vector<std::string>{"images", "labels"}));
}

}  // namespace
}  // namespace unet
