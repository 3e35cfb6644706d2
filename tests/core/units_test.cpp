#include "unet/core/text/units.h"

#include <gtest/gtest.h>

#include <string>

namespace unet {
namespace {

std::string symbol_of(std::string_view name) {
    const LengthUnit* unit = length_unit(name);
    return unit != nullptr ? std::string(unit->symbol) : "";
}

TEST(Units, MicrometresHaveManyNames) {
    for (const char* name :
         {"um", "micron", "microns", "Micron", "micrometer", "micrometers", "micrometre",
          "Micrometres", "MICROMETERS", "\xC2\xB5m", "\xCE\xBCm", "\xB5m", "\\u00B5m", "\\u00b5m",
          "\xC3\x82\xC2\xB5m", " um ", "\xC2\xB5"})
        EXPECT_EQ(symbol_of(name), "um") << name;
}

TEST(Units, OthersToo) {
    constexpr std::pair<const char*, const char*> names[] = {{"nanometres", "nm"},
                                                             {"Millimeter", "mm"},
                                                             {"MM", "mm"},
                                                             {"Mm", "Mm"},
                                                             {"inches", "in"},
                                                             {"inch", "in"},
                                                             {"\"", "in"},
                                                             {"feet", "ft"},
                                                             {"mils", "thou"},
                                                             {"points", "pt"},
                                                             {"yards", "yd"},
                                                             {"miles", "mi"},
                                                             {"\xC3\x85ngstr\xC3\xB6m", "angstrom"},
                                                             {"angstroms", "angstrom"},
                                                             {"\xE2\x84\xAB", "angstrom"},
                                                             {"A", "angstrom"},
                                                             {"\xC3\x85", "angstrom"},
                                                             {"metres", "m"},
                                                             {"picometer", "pm"},
                                                             {"kilometre", "km"}};
    for (const auto& [name, symbol] : names) EXPECT_EQ(symbol_of(name), symbol) << name;
}

TEST(Units, WhatIsNoLengthIsNone) {
    for (const char* name : {"", " ", "pixel", "pixels", "reference frame", "sec", "s", "ms", "Hz",
                             "none", "furlong", "um2", "meterss", "ppm", "degrees"})
        EXPECT_EQ(length_unit(name), nullptr) << name;
    EXPECT_EQ(length_unit(std::string(100000, 'm')), nullptr);
}

TEST(Units, AreComparedWithEachOther) {
    EXPECT_EQ(metres_per_unit("um"), 1e-6);
    EXPECT_EQ(metres_per_unit("cm"), 0.01);
    EXPECT_EQ(metres_per_unit("pixel"), 0.0);
}

TEST(Units, OnlyUsualOnesAreKept) {
    for (const char* name : {"um", "nm", "mm"})
        EXPECT_EQ(kept_unit(*length_unit(name)).symbol, name);
    for (const char* name : {"cm", "inch", "km", "pm"})
        EXPECT_EQ(kept_unit(*length_unit(name)).symbol, "um");
}

}  // namespace
}  // namespace unet
