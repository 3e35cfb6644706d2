// Broken data sets, drawn by chance: none may end a program. UNET_CORRUPTIONS=10000 tries so many.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <vector>

#include "tests/check/checked.h"
#include "unet/check/mend.h"
#include "unet/core/files/file.h"
#include "unet/core/random.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Six small images as PNG and TIFF, and ways to break them.
class CorruptionTest : public CheckTest {
protected:
    static constexpr std::int64_t edge = 40;
    std::vector<fs::path> files;
    fs::path whole;  ///< the set as it was

    void SetUp() override {
        CheckTest::SetUp();
        whole = folder;
        whole += "_whole";
        for (std::size_t i = 0; i < 6; ++i) {
            const auto n = static_cast<std::int64_t>(i);
            const LabelledImage drawn = image_of({{10, 11 + n, 6}, {28 - n, 27, 5}}, edge, edge);
            const std::string end = i % 2 == 0 ? ".png" : ".tif";
            write("images/" + name(i) + end, drawn.image);
            write("labels/" + name(i) + end, drawn.labels);
            files.push_back(folder / "images" / (name(i) + end));
            files.push_back(folder / "labels" / (name(i) + end));
        }
        fs::rename(folder, whole);
    }
    void TearDown() override {
        CheckTest::TearDown();
        fs::remove_all(whole);
    }
    void write_set() const {
        fs::remove_all(folder);
        fs::copy(whole, folder, fs::copy_options::recursive);
    }

    const fs::path& any_file(Random& random) const {
        return files[random.below(std::ssize(files))];
    }

    static float odd_value(Random& random) {
        const float values[] = {0.0f,
                                1.0f,
                                -1.0f,
                                0.5f,
                                255.0f,
                                65535.0f,
                                4294967040.0f,
                                1e30f,
                                std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN()};
        return values[random.below(std::ssize(values))];
    }

    /// Another image in place of one: odd sizes, channels, types and values.
    static void replace(const fs::path& file, Random& random) {
        const std::int64_t sizes[] = {1, 2, 7, edge, edge + 1, 97};
        Image image;
        image.size = {1 + random.below(3), sizes[random.below(6)], sizes[random.below(6)]};
        const bool png = file.extension() == ".png";
        image.channels = 1 + random.below(4);
        image.rgb = image.channels == 3;
        if (png) image.size.depth = 1;
        if (png && !image.rgb) image.channels = 1;
        const SampleType types[] = {SampleType::u8, SampleType::u16, SampleType::f32};
        image.type = types[random.below(png ? 2 : 3)];
        image.values.resize(image.channels * image.size.elements());
        const float base = odd_value(random), other = odd_value(random);
        const float share = random.uniform();
        for (float& value : image.values) value = random.chance(share) ? base : other;
        if (image.type != SampleType::f32)
            for (float& value : image.values)
                value = value > 0.0f && value <= 65535.0f ? std::floor(value) : 0.0f;
        if (image.type == SampleType::u8)
            for (float& value : image.values) value = std::min(value, 255.0f);
        write_image(file, image);
    }

    void corrupt(Random& random) {
        const fs::path file = any_file(random), other = any_file(random);
        if (!fs::exists(file)) return;
        std::vector<std::byte> bytes = read_file(file);
        const auto place = [&] {
            return static_cast<std::size_t>(random.below(std::ssize(bytes)));
        };
        switch (bytes.empty() ? 6 : random.below(9)) {
            case 0:
                for (std::int64_t n = 1 + random.below(20); n > 0; --n)
                    bytes[place()] = static_cast<std::byte>(random.below(256));
                break;
            case 1:
                bytes.resize(place());
                break;
            case 2:
                bytes.resize(bytes.size() + place(), std::byte{120});
                break;
            case 3:
                bytes = read_file(fs::exists(other) ? other : file);
                break;
            case 4:
                fs::remove(file);
                return;
            case 5:
                if (!fs::exists(other)) fs::rename(file, other);
                return;
            case 6:
                fs::rename(file, file.parent_path() / ("new" + file.filename().string()));
                return;
            case 7:
                replace(file, random);
                return;
            default:
                std::swap_ranges(bytes.begin(), bytes.begin() + std::ssize(bytes) / 2,
                                 bytes.end() - std::ssize(bytes) / 2);
        }
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    }
};

TEST_F(CorruptionTest, NoneOfManyBrokenSetsIsMoreThanAnError) {
    const char* wanted = std::getenv("UNET_CORRUPTIONS");
    const std::int64_t count = wanted != nullptr ? std::atoll(wanted) : 150;
    Context context(1);
    std::int64_t refused = 0, with_findings = 0;
    for (std::int64_t n = 0; n < count; ++n) {
        Random random(11, Purpose::test, static_cast<std::uint32_t>(n));
        write_set();
        for (std::int64_t faults = 1 + random.below(4); faults > 0; --faults) corrupt(random);
        CheckOptions options;
        options.reading.images = folder;
        options.reading.labelled_only = random.chance(0.3f);
        if (random.chance(0.5f)) options.reading.label_kind = LabelsChoice::instances;
        try {
            const CheckResult result = check_data(context, options);
            for (const Finding& finding : result.findings) {
                EXPECT_FALSE(finding.what.empty() || finding.todo.empty()) << n;
                EXPECT_TRUE(finding.sure > 0.0 && finding.sure <= 1.0) << n;
            }
            with_findings += result.findings.empty() ? 0 : 1;
            if (random.chance(0.1f)) mend(context, options, folder / "mended");
        } catch (const Error& error) {
            EXPECT_FALSE(std::string(error.what()).empty());
            ++refused;
        }
    }
    if (wanted != nullptr)
        std::cout << with_findings << " with findings, " << refused << " refused\n";
    EXPECT_GT(with_findings, count / 2);  // the faults are real ones
    EXPECT_LT(refused, count);
}

}  // namespace
}  // namespace unet
