#include "unet/image/zarr/zarr_codec.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

std::vector<std::byte> bytes_of(const std::vector<int>& numbers) {
    std::vector<std::byte> bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    return bytes;
}

TEST(ZarrCodecTest, ChecksumsAreThoseOfRfc3720) {
    // Appendix B.4: zeros, ones, counting up, counting down.
    std::vector<int> up, down;
    for (int i = 0; i < 32; ++i) {
        up.push_back(i);
        down.insert(down.begin(), i);
    }
    EXPECT_EQ(crc32c(bytes_of(std::vector<int>(32, 0))), 0x8A9136AAu);
    EXPECT_EQ(crc32c(bytes_of(std::vector<int>(32, 0xFF))), 0x62A8AB43u);
    EXPECT_EQ(crc32c(bytes_of(up)), 0x46DD794Eu);
    EXPECT_EQ(crc32c(bytes_of(down)), 0x113FDB5Cu);
}

TEST(ZarrCodecTest, ChecksumsAreTakenOffOneByOne) {
    const std::vector<std::string> two{"crc32c", "crc32c"};
    const auto with_checksum = [](std::vector<std::byte> bytes) {
        const std::uint32_t sum = crc32c(bytes);
        for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::byte>(sum >> (8 * i)));
        return bytes;
    };
    const auto values = bytes_of({1, 2, 3});
    auto packed = with_checksum(with_checksum(values));
    std::vector<std::byte> unpacked(3);
    EXPECT_EQ(unpack_chain(two, packed, unpacked), "");
    EXPECT_EQ(unpacked, values);
    for (std::byte& byte : packed) {
        byte ^= std::byte{1};
        EXPECT_EQ(unpack_chain(two, packed, unpacked), "has a wrong checksum");
        byte ^= std::byte{1};
    }
    std::vector<std::byte> longer(4);
    EXPECT_EQ(unpack_chain(two, packed, longer), "is damaged");
    EXPECT_EQ(unpack_chain(two, std::span(packed).first(3), unpacked), "is damaged");
}

}  // namespace
}  // namespace unet
