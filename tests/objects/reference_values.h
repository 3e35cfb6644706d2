#pragma once

// Written by reference_values.py with SciPy 1.17.1 and scikit-image 0.26.0.

#include <cstdint>

namespace unet {

struct ReferenceValues {
    struct Map {
        std::int64_t depth, height, width, block;
        std::uint32_t values, background;
    } map;
    /// Number of components with connectivity four, eight, six, twenty_six.
    std::uint32_t counts[4];
    /// Checksums: the map itself; components in the same order; squared distance to background by
    /// slice and through the volume; outlines; components of the foreground with holes filled, and
    /// without those that touch the edge.
    std::uint64_t checksums[10];
};

inline constexpr ReferenceValues reference_values[] = {
    {{1, 1, 1, 1, 2, 0},
     {1, 1, 1, 1},
     {0xaf63bc4c8601b62cu, 0xaf63bc4c8601b62cu, 0xaf63bc4c8601b62cu, 0xaf63bc4c8601b62cu,
      0xaf63bc4c8601b62cu, 0x6b1d7317f9fe466eu, 0x6b1d7317f9fe466eu, 0xaf63bd4c8601b7dfu,
      0xaf63bc4c8601b62cu, 0xaf63bd4c8601b7dfu}},
    {{1, 1, 37, 2, 3, 40},
     {9, 9, 9, 9},
     {0x8bac19486a3b0f74u, 0x742c4fc3435fabcau, 0x742c4fc3435fabcau, 0x742c4fc3435fabcau,
      0x742c4fc3435fabcau, 0xe840462e603f1c85u, 0xe840462e603f1c85u, 0x3dcf80b20d54cb7cu,
      0xabf60f7fc624436cu, 0x26de9286e55e50cfu}},
    {{1, 41, 1, 2, 3, 40},
     {7, 7, 7, 7},
     {0x6e090aa4e0365b04u, 0xe4ffddf49310fef2u, 0xe4ffddf49310fef2u, 0xe4ffddf49310fef2u,
      0xe4ffddf49310fef2u, 0x2a75704abfb6401cu, 0x2a75704abfb6401cu, 0xe432155b27739435u,
      0x78b952048fdccee1u, 0x230ad4fd729ec93fu}},
    {{1, 64, 53, 1, 1, 50},
     {281, 21, 281, 21},
     {0x264ea5260e4f910du, 0x42deccae17e921d5u, 0x24223e30433b29d8u, 0x42deccae17e921d5u,
      0x24223e30433b29d8u, 0xc9063c51a4c786d8u, 0xc9063c51a4c786d8u, 0x2d556d607278e471u,
      0x2066de1178db522eu, 0x0dcf334180c637c7u}},
    {{1, 70, 90, 3, 2, 40},
     {181, 73, 181, 73},
     {0x1a501718e0efd329u, 0x778bd530b51f35afu, 0x645748164d00cd0au, 0x778bd530b51f35afu,
      0x645748164d00cd0au, 0xe10f7c748df7ff67u, 0xe10f7c748df7ff67u, 0x9f75bd094bfbbeedu,
      0x5616e24ca6a51270u, 0x709a77ab18225f44u}},
    {{1, 97, 131, 7, 5, 60},
     {103, 88, 103, 88},
     {0x44440da40078f884u, 0x69f9fad2b62b51cbu, 0xf2f54eea17fdcef4u, 0x69f9fad2b62b51cbu,
      0xf2f54eea17fdcef4u, 0x37758890793e2c29u, 0x37758890793e2c29u, 0x71eb4b3032ba3d3du,
      0xcfb03b787b77e1e2u, 0x9ce0751baa13ba8eu}},
    {{4, 33, 29, 2, 2, 45},
     {293, 162, 190, 9},
     {0x12b210b369b5ebf9u, 0xedd6d562a86afb99u, 0xb3721ea10ee9b0b9u, 0xfbb16d5b736c9af0u,
      0x8c74c439ed7fff1fu, 0xa9227409fa15b6f1u, 0x528c48be2e896da2u, 0x94519ea51a4ae0bdu,
      0x3c7b18422e1d45b0u, 0xbb088d30ab31e2e5u}},
    {{3, 20, 50, 4, 6, 30},
     {105, 88, 98, 42},
     {0xe3f13f2a94888705u, 0xd8c08700695dcf95u, 0x9674a47e41467015u, 0xc75134c7e220a135u,
      0x213a5de7d9f031bdu, 0x9b7d5a8414faf2d9u, 0xca6a88f803a0e04eu, 0xda772bff9ba84ec8u,
      0xa624022e349b549du, 0x0e9154a5da464b85u}},
    {{2, 16, 16, 1, 4, 100},
     {0, 0, 0, 0},
     {0x7da144b97d054b25u, 0x7da144b97d054b25u, 0x7da144b97d054b25u, 0x7da144b97d054b25u,
      0x7da144b97d054b25u, 0x7da144b97d054b25u, 0x7da144b97d054b25u, 0x7da144b97d054b25u,
      0x7da144b97d054b25u, 0x7da144b97d054b25u}},
};

}  // namespace unet
