#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/data/folder.h"
#include "unet/check/check.h"

// Small data sets of bright discs, and what is found in them.

namespace unet {

struct Disc {
    std::int64_t y = 0, x = 0, radius = 7;
};

/// An image of bright discs on a ground that is not quite even, and their numbered labels.
struct LabelledImage {
    Image image;
    LabelMap labels;
};

inline LabelledImage image_of(const std::vector<Disc>& discs, std::int64_t height = 96,
                              std::int64_t width = 96, float bright = 180.0f) {
    LabelledImage drawn{{{1, height, width}, 1, {}, SampleType::u8, {}, false},
                        {{1, height, width}, {}, {}}};
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            std::uint32_t label = 0;
            for (std::size_t i = 0; i < discs.size(); ++i) {
                const std::int64_t dy = y - discs[i].y, dx = x - discs[i].x;
                if (dy * dy + dx * dx <= discs[i].radius * discs[i].radius)
                    label = static_cast<std::uint32_t>(i + 1);
            }
            drawn.labels.values.push_back(label);
            drawn.image.values.push_back((label > 0 ? bright : 20.0f) +
                                         static_cast<float>((7 * y + 3 * x) % 11));
        }
    return drawn;
}

/// Discs that differ from image to image.
inline std::vector<Disc> discs_of(std::int64_t number) {
    const std::int64_t n = number;
    std::vector<Disc> discs = {{14 + 5 * (n % 3), 16 + 7 * (n % 5)},
                               {18 + 3 * (n % 4), 72 - 4 * (n % 3)},
                               {50 + 4 * (n % 4), 30 + 6 * (n % 3)},
                               {78 - 3 * (n % 5), 64 + 5 * (n % 4)},
                               {80 - 2 * (n % 3), 16 + 3 * (n % 4)}};
    discs.resize(5 - n % 2);
    return discs;
}

class CheckTest : public DataFolderTest {
protected:
    std::vector<LabelledImage> images;
    bool instances = false;  ///< say what the labels mean: so few may be classes, too

    void SetUp() override {
        DataFolderTest::SetUp();
        for (std::int64_t i = 0; i < 6; ++i) images.push_back(image_of(discs_of(i)));
    }
    static std::string name(std::size_t i) { return std::string(1, static_cast<char>('a' + i)); }

    /// Writes `images` as a.png, b.png, ... and checks the folder.
    Findings check(CheckOptions options = {}) {
        write_images();
        return check_files(std::move(options));
    }
    void write_images() {
        for (std::size_t i = 0; i < images.size(); ++i) {
            write("images/" + name(i) + ".png", images[i].image);
            write("labels/" + name(i) + ".png", images[i].labels);
        }
    }
    Findings check_files(CheckOptions options = {}) {
        Context context(2);
        options.reading.images = folder;
        if (instances) options.reading.label_kind = LabelsChoice::instances;
        return check_data(context, options).findings;
    }
};

inline Findings of_kind(const Findings& findings, FindingKind kind) {
    Findings result;
    for (const Finding& finding : findings)
        if (finding.kind == kind) result.push_back(finding);
    return result;
}

/// "error type b.png", one line each, for messages.
inline std::string text_of(const Findings& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text +=
            fmt::format("{} {} {} {}: {}\n", to_string(finding.severity), to_string(finding.kind),
                        finding.file.filename().string(), finding.place, finding.what);
    return text;
}

/// Exactly one finding of the kind is there, in `file`.
#define UNET_EXPECT_ONE(findings, kind, file_name)                                     \
    do {                                                                               \
        const auto found_ = of_kind(findings, kind);                                   \
        ASSERT_EQ(found_.size(), 1u) << text_of(findings);                             \
        EXPECT_EQ(found_[0].file.filename().string(), file_name) << text_of(findings); \
    } while (false)

}  // namespace unet
