#include "unet/kernels/dispatch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "unet/core/error.h"
#include "unet/kernels/backend.h"

namespace unet::kernels {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const KernelTable* table : available()) all.push_back(table->name);
    return all;
}

TEST(DispatchTest, IsOrderedFastestFirstAndEndsInReference) {
    const std::vector<std::string> order{"avx512", "avx512-direct", "avx2",     "avx2-direct",
                                         "neon",   "neon-direct",   "reference"};
    std::vector<std::size_t> places;
    for (const auto& name : names())
        places.push_back(
            static_cast<std::size_t>(std::find(order.begin(), order.end(), name) - order.begin()));
    EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
    EXPECT_EQ(places.back(), order.size() - 1);
}

TEST(DispatchTest, SelectsByNameAndTheFastestWithoutOne) {
    EXPECT_EQ(&select(), available().front());
    for (const KernelTable* table : available()) EXPECT_EQ(&select(table->name), table);
}

TEST(DispatchTest, NoTableHasAHole) {
    for (const KernelTable* table : available()) {
        ASSERT_FALSE(table->convolutions.empty()) << table->name;
        for (const ConvolutionCandidate& candidate : table->convolutions)
            EXPECT_TRUE(candidate.name && candidate.supports && candidate.run) << table->name;
        EXPECT_NE(table->direct, nullptr) << table->name;
        const auto* entries = reinterpret_cast<void* const*>(&table->convolution_backward_data);
        const auto* end = reinterpret_cast<void* const*>(table + 1);
        for (; entries != end; ++entries) EXPECT_NE(*entries, nullptr) << table->name;
    }
}

TEST(DispatchTest, DirectTablesComputeEveryConvolutionDirectly) {
    for (const KernelTable* table : available()) {
        const KernelTable& direct = *table->direct;
        EXPECT_EQ(direct.direct, &direct) << table->name;
        EXPECT_EQ(direct.footprint, 1) << table->name;
        for (const std::int64_t channels : {1, 16, 1024})
            EXPECT_STREQ(direct.convolution({.in = {channels, channels}, .out = 8})->name,
                         "direct");
        if (table == &direct) continue;
        EXPECT_EQ(direct.name, std::string(table->name) + "-direct");
        EXPECT_STREQ(table->convolution({.in = {16}, .out = 8})->name, "winograd") << table->name;
        EXPECT_STREQ(table->convolution({.in = {1}, .out = 8})->name, "direct") << table->name;
    }
}

TEST(DispatchTest, AnUnknownNameIsAnErrorThatListsWhatThereIs) {
    try {
        select("sse9");
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        const std::string message = error.what();
        EXPECT_NE(message.find("sse9"), std::string::npos) << message;
        for (const auto& name : names())
            EXPECT_NE(message.find(" " + name), std::string::npos) << message;
    }
}

/// Sets UNET_KERNELS for the duration of a test.
class KernelsVariable {
public:
    explicit KernelsVariable(const char* value) {
        if (const char* before = std::getenv("UNET_KERNELS")) before_ = before;
        value ? setenv("UNET_KERNELS", value, 1) : unsetenv("UNET_KERNELS");
    }
    ~KernelsVariable() {
        before_.empty() ? unsetenv("UNET_KERNELS") : setenv("UNET_KERNELS", before_.c_str(), 1);
    }

private:
    std::string before_;
};

TEST(BackendTest, HonoursTheEnvironmentUnlessANameIsGiven) {
    for (const KernelTable* table : available()) {
        const KernelsVariable variable(table->name);
        EXPECT_EQ(cpu_backend().kernels, table);
        EXPECT_EQ(cpu_backend("reference").kernels, available().back());
    }
    const KernelsVariable variable(nullptr);
    EXPECT_EQ(cpu_backend().kernels, available().front());
    EXPECT_EQ(cpu_backend().channel_block, channel_block);
}

TEST(BackendTest, AnUnknownNameInTheEnvironmentIsAnError) {
    const KernelsVariable variable("sse9");
    EXPECT_THROW(cpu_backend(), Error);
}

TEST(BufferTest, IsZeroedAndAligned) {
    Buffer buffer(4000);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0u);
    EXPECT_EQ(buffer.size(), 4000u);
    EXPECT_EQ(buffer.as<float>().size(), 1000u);
    for (const float value : buffer.as<float>()) EXPECT_EQ(value, 0.0f);
    EXPECT_NE(Buffer(0).data(), nullptr);
}

#ifndef __SANITIZE_ADDRESS__  // which stops the program instead of refusing
TEST(BufferTest, SaysHowMuchMemoryTheSystemRefused) {
    try {
        Buffer buffer(std::size_t{1} << 60);
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::memory);
        EXPECT_NE(std::string(error.what()).find("1152921504606846976"), std::string::npos)
            << error.what();
    }
}
#endif

}  // namespace
}  // namespace unet::kernels
