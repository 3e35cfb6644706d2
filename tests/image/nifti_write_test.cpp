#include "unet/image/nifti/nifti_write.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/read.h"
#include "unet/image/write.h"

namespace unet {
namespace {

using NiftiWriteTest = FolderTest;

LabelMap labels_like(const std::filesystem::path& source, std::uint32_t largest) {
    const ImageInfo info = read_image_info(source);
    LabelMap labels{info.size, {}, info.spacing};
    for (std::int64_t i = 0; i < info.size.elements(); ++i)
        labels.values.push_back(static_cast<std::uint32_t>(i * 7919 % (std::int64_t{largest} + 1)));
    labels.values.back() = largest;
    return labels;
}

std::vector<std::byte> header_of(const std::filesystem::path& path, std::size_t bytes) {
    std::vector<std::byte> header(bytes);
    GzipStream stream(path);
    EXPECT_TRUE(stream.read(0, header));
    return header;
}

bool same(const std::vector<std::byte>& a, const std::vector<std::byte>& b, std::size_t begin,
          std::size_t end) {
    return std::equal(a.begin() + static_cast<std::ptrdiff_t>(begin),
                      a.begin() + static_cast<std::ptrdiff_t>(end),
                      b.begin() + static_cast<std::ptrdiff_t>(begin));
}

TEST_F(NiftiWriteTest, LabelsComeBackInTheGeometryOfTheirSource) {
    for (const char* name : {"u8.nii", "i16.nii.gz", "f64_big_endian.nii", "u16_series.nii.gz",
                             "plane.nii", "scaled.nii", "f32_two.nii.gz"})
        for (const std::uint32_t largest : {1u, 65535u, 4294967295u}) {
            const auto source = test_files() / name, result = folder / name;
            const LabelMap labels = labels_like(source, largest);
            write_labels_nifti(result, labels, source);
            const LabelMap back = read_labels(result);
            EXPECT_EQ(back.values, labels.values) << name;
            EXPECT_EQ(back.size, labels.size) << name;
            EXPECT_EQ(back.spacing, labels.spacing) << name;
            EXPECT_EQ(read_image_info(result).bits, largest > 65535 ? 32 : 16) << name;
            EXPECT_EQ(read_image_info(result).compression, read_image_info(source).compression);
            const bool second = std::string_view(name).starts_with("f32_two");
            const auto before = header_of(source, second ? 540 : 348);
            const auto after = header_of(result, second ? 540 : 348);
            // pixdim; then qform and sform (nifti1.h: bytes 252 to 328; nifti2.h: 344 to 500).
            EXPECT_TRUE(second ? same(before, after, 104, 168) : same(before, after, 76, 108));
            EXPECT_TRUE(second ? same(before, after, 344, 500) : same(before, after, 252, 328));
        }
}

TEST_F(NiftiWriteTest, EqualLabelsGiveEqualBytesAndAreKnownAsOurs) {
    const auto source = test_files() / "i16.nii.gz";
    const LabelMap labels = labels_like(source, 9);
    write_labels_nifti(folder / "a.nii.gz", labels, source);
    write_labels_nifti(folder / "b.nii.gz", labels, source);
    EXPECT_EQ(read_file(folder / "a.nii.gz"), read_file(folder / "b.nii.gz"));
    EXPECT_TRUE(is_written_by_unet(folder / "a.nii.gz"));
    EXPECT_FALSE(is_written_by_unet(source));
    EXPECT_FALSE(is_written_by_unet(test_files() / "u8.nii"));
}

TEST_F(NiftiWriteTest, OneTimeOfASeries) {
    const auto source = test_files() / "u16_series.nii.gz";
    LabelMap labels = labels_like(source, 9);
    labels.size.depth = 3;
    labels.values.resize(labels.size.elements());
    write_labels_nifti(folder / "a.nii", labels, source);
    EXPECT_EQ(read_labels(folder / "a.nii").values, labels.values);
}

TEST_F(NiftiWriteTest, WhatHasNoPlaceInSpaceIsRefusedAndLeavesNothing) {
    LabelMap labels = labels_like(test_files() / "u8.nii", 9);
    const auto refused = [&](const char* name, const char* source) {
        return message_of(
            [&] { write_labels_nifti(folder / name, labels, test_files() / source); });
    };
    EXPECT_TRUE(contains(refused("a.nii", "u8.tif"), "is no NIfTI file"));
    EXPECT_TRUE(contains(refused("a.tif", "u8.nii"), "ends in .nii"));
    labels.size.depth = 4;
    labels.values.resize(labels.size.elements());
    EXPECT_TRUE(contains(refused("a.nii", "u8.nii"), "the labels have 4x17x23 pixels"));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace unet
