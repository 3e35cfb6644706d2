#include "unet/model/safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "tests/testing/folder.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/random.h"
#include "unet/model/model.h"

namespace unet {
namespace {

const std::filesystem::path foreign = UNET_SOURCE_DIR "/tests/model/foreign.safetensors";

const NamedTensor& find(const std::vector<NamedTensor>& tensors, const std::string& name) {
    for (const NamedTensor& tensor : tensors)
        if (tensor.name == name) return tensor;
    throw std::out_of_range(name);
}

Safetensors small_file() {
    return {{{"b", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a", {}, {-0.0f}}, {"none", {0, 5}, {}}},
            {{"one", "1"}, {"two", "{\"x\": 2}"}}};
}

/// The file that a header and data make; the header's length is computed.
void write_raw(const std::filesystem::path& path, const std::string& header,
               const std::string& data) {
    const std::uint64_t length = header.size();
    std::string bytes(reinterpret_cast<const char*>(&length), 8);
    write_file_atomically(path, bytes + header + data);
}

class SafetensorsTest : public FolderTest {
protected:
    /// The message with which `header` and `data` are refused; empty if they are read.
    std::string refusal(const std::string& header, const std::string& data = "") {
        const auto path = folder / "x.safetensors";
        write_raw(path, header, data);
        try {
            read_safetensors(path);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::corrupt_file);
            return error.what();
        }
        return "";
    }
};

TEST_F(SafetensorsTest, WhatIsWrittenIsReadBack) {
    const auto path = folder / "x.safetensors";
    write_safetensors(path, small_file());
    const Safetensors read = read_safetensors(path);
    ASSERT_EQ(read.tensors.size(), 3u);
    EXPECT_EQ(find(read.tensors, "b").values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(find(read.tensors, "b").shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_TRUE(std::signbit(find(read.tensors, "a").values.at(0)));
    EXPECT_TRUE(find(read.tensors, "none").values.empty());
    EXPECT_EQ(read.metadata, small_file().metadata);
}

TEST_F(SafetensorsTest, BytesAreThoseOfTheFormat) {
    const auto path = folder / "x.safetensors";
    write_safetensors(path, {{{"w", {1, 2}, {1.0f, 2.0f}}}, {{"k", "v"}}});
    // 84 characters of JSON, padded with spaces to a multiple of 8
    const std::string header =
        R"({"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
    const std::string expected = std::string("\x58\0\0\0\0\0\0\0", 8) + header +
                                 std::string(88 - header.size(), ' ') +
                                 std::string("\0\0\x80\x3f\0\0\0\x40", 8);
    EXPECT_EQ(read_text_file(path), expected);
}

TEST_F(SafetensorsTest, FloatTypesOfPyTorchBecomeFloat32) {
    const auto tensors = read_bare_tensors(foreign);
    ASSERT_EQ(tensors.size(), 6u);  // the batch counter is left out
    EXPECT_EQ(find(tensors, "half").values,
              (std::vector<float>{1.0f, -2.5f, 65504.0f, 0x1p-24f, -0x1p-15f,
                                  std::numeric_limits<float>::infinity(), 0.0f}));
    EXPECT_TRUE(std::signbit(find(tensors, "half").values[6]));
    // 1e38 rounded to bfloat16 by PyTorch: 0x7e96 = 9.96923e37
    EXPECT_EQ(find(tensors, "brain").values, (std::vector<float>{1.0f, -3.140625f, 0x1.2cp126f}));
    EXPECT_EQ(find(tensors, "double").values, (std::vector<float>{0.1f, 0.0f, 3.0f, -7.25f}));
    EXPECT_EQ(find(tensors, "single").shape, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(find(tensors, "single").values,
              (std::vector<float>{0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f}));
    EXPECT_EQ(find(tensors, "scalar").values, (std::vector<float>{42.0f}));
}

TEST_F(SafetensorsTest, IntegersAreRefusedByNameUnlessUnwanted) {
    try {
        read_safetensors(foreign);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("'count.num_batches_tracked' has type I64"),
                  std::string::npos)
            << error.what();
    }
    const auto some = read_safetensors(foreign, [](const std::string& n) { return n == "half"; });
    EXPECT_EQ(some.tensors.size(), 1u);
    EXPECT_EQ(some.metadata.at("format"), "pt");
}

TEST_F(SafetensorsTest, EveryTruncationIsAnError) {
    for (const auto& source : {foreign, folder / "own.safetensors"}) {
        if (!exists(source)) write_safetensors(source, small_file());
        const auto path = folder / "cut.safetensors";
        copy_file(source, path, std::filesystem::copy_options::overwrite_existing);
        for (auto length = file_size(path); length-- > 0;) {
            resize_file(path, length);
            EXPECT_THROW(read_bare_tensors(path), Error) << length;
        }
    }
}

// Any byte changed to anything: either still a valid file, or an Error; never a crash, and never
// more values than the file has bytes for (two bytes a value at the least).
TEST_F(SafetensorsTest, MutatedFilesAreReadOrRefused) {
    const auto source = folder / "own.safetensors";
    write_safetensors(source, small_file());
    const std::string bytes = read_text_file(source);
    const auto path = folder / "mutated.safetensors";
    Random random(1, Purpose::test);
    int refused = 0, read = 0;
    for (int attempt = 0; attempt < 800; ++attempt) {
        std::string mutated = bytes;
        for (std::int64_t change = random.below(3); change >= 0; --change) {
            const auto place =
                static_cast<std::size_t>(random.below(static_cast<std::int64_t>(mutated.size())));
            switch (random.below(3)) {
                case 0:
                    mutated[place] = static_cast<char>(random.below(256));
                    break;
                case 1:
                    mutated[place] = "0123456789[]{},:\"-eE."[random.below(21)];
                    break;
                default:
                    mutated.insert(place, 1, static_cast<char>('0' + random.below(10)));
            }
        }
        std::ofstream(path, std::ios::binary) << mutated;
        try {
            const Safetensors file = read_safetensors(path);
            std::size_t values = 0;
            for (const NamedTensor& tensor : file.tensors) values += tensor.values.size();
            EXPECT_LE(values * 2, mutated.size());
            ++read;
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 200);
    EXPECT_GT(read, 20);  // changed values and names: the mutations reach deep
}

TEST_F(SafetensorsTest, BrokenHeadersAreRefusedSayingWhy) {
    const auto tensor = [](const char* type, const char* shape, const char* offsets) {
        return fmt::format(R"("t":{{"dtype":"{}","shape":{},"data_offsets":{}}})", type, shape,
                           offsets);
    };
    const auto expect_refusal = [&](const std::string& message, const std::string& reason) {
        EXPECT_NE(message.find(reason), std::string::npos) << message;
    };
    const std::string fits = tensor("F32", "[2]", "[0,8]"), data(8, 'x');
    EXPECT_EQ(refusal("{" + fits + "}", data), "");
    expect_refusal(refusal("{" + fits + "," + fits + "}", data), "'t' twice");
    expect_refusal(refusal("{" + tensor("F32", "[3]", "[0,8]") + "}", data), "do not fit");
    expect_refusal(refusal("{" + tensor("F16", "[2]", "[0,8]") + "}", data), "do not fit");
    expect_refusal(refusal("{" + tensor("F32", "[2]", "[0,12]") + "}", data), "cut off");
    expect_refusal(refusal("{" + tensor("F32", "[2]", "[8,0]") + "}", data), "should lie");
    expect_refusal(refusal("{" + tensor("F32", "[1]", "[0,4]") + "}", data), "end at byte 4");
    expect_refusal(refusal("{" + tensor("F32", "[1]", "[4,8]") + "}", data), "leave a gap");
    expect_refusal(
        refusal("{" + fits + R"(,"u":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", data),
        "overlap");
    expect_refusal(refusal("{" + tensor("F32", "[-2]", "[0,8]") + "}", data), "whole numbers");
    expect_refusal(refusal("{" + tensor("F32", "[2.0]", "[0,8]") + "}", data), "whole numbers");
    expect_refusal(
        refusal("{" + tensor("F32", "[281474976710656,281474976710656]", "[0,8]") + "}", data),
        "more elements");
    expect_refusal(refusal("{" + tensor("F32", "[1e99]", "[0,8]") + "}", data), "whole numbers");
    expect_refusal(refusal("{" + tensor("I32", "[2]", "[0,8]") + "}", data), "type I32");
    expect_refusal(refusal(R"({"t":{"dtype":"F32","shape":[2]}})", data), "lacks");
    expect_refusal(refusal(R"({"t":3})", data), "lacks");
    expect_refusal(refusal(R"({"__metadata__":{"a":1}})"), "not a text");
    expect_refusal(refusal(R"({"__metadata__":7})"), "not an object");
    expect_refusal(refusal(R"({"t":[[[[[[]]]]]]})"), "too deeply");
    expect_refusal(refusal("{\"t\":" + std::string(100000, '[')), "too deeply");
    expect_refusal(refusal("{\"t\":"), "not JSON");
    expect_refusal(refusal("[1,2]"), "begin with a brace");
    expect_refusal(refusal(""), "begin with a brace");
}

TEST_F(SafetensorsTest, ForeignFilesAreRecognised) {
    const auto path = folder / "x.pt";
    write_file_atomically(path, std::string("PK\3\4 and the rest of a zip archive"));
    try {
        read_safetensors(path);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("PyTorch"), std::string::npos);
    }
    EXPECT_THROW(read_safetensors(folder / "missing"), Error);
    EXPECT_THROW(read_safetensors(folder), Error);
}

TEST_F(SafetensorsTest, WriterRefusesWhatCouldNotBeReadBack) {
    const auto path = folder / "x.safetensors";
    const auto code = [&](const Safetensors& file) {
        try {
            write_safetensors(path, file);
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::cancelled;
    };
    EXPECT_EQ(code({{{"a", {1}, {1}}, {"a", {1}, {2}}}, {}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{{"a", {2}, {1}}}, {}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{{"__metadata__", {1}, {1}}}, {}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{{"\xff", {1}, {1}}}, {}}), ErrorCode::invalid_argument);
    EXPECT_FALSE(exists(path));
    EXPECT_TRUE(is_empty(folder));
}

}  // namespace
}  // namespace unet
