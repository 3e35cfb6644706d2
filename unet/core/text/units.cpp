#include "unet/core/text/units.h"

#include <algorithm>
#include <utility>

#include "unet/core/text/text.h"

namespace unet {
namespace {

constexpr double inch = 25400.0, metre = 1e6;

// The first three are the ones that are kept (kept_unit).
constexpr LengthUnit table[] = {
    {"um", "\xC2\xB5m", "micrometer", 1.0},
    {"nm", "nm", "nanometer", 1e-3},
    {"mm", "mm", "millimeter", 1e3},
    {"cm", "cm", "centimeter", 1e4},
    {"m", "m", "meter", metre},
    {"pm", "pm", "picometer", 1e-6},
    {"angstrom", "\xC3\x85", "angstrom", 1e-4},
    {"in", "in", "inch", inch},
    {"ft", "ft", "foot", 12 * inch},
    {"yd", "yd", "yard", 36 * inch},
    {"mi", "mi", "mile", 63360 * inch},
    {"thou", "thou", "", inch / 1000},
    {"li", "li", "", inch / 12},
    {"pt", "pt", "", inch / 72},
    {"dm", "dm", "decimeter", 1e5},
    {"dam", "dam", "dekameter", 10 * metre},
    {"hm", "hm", "hectometer", 100 * metre},
    {"km", "km", "kilometer", 1e3 * metre},
    {"Mm", "Mm", "megameter", 1e6 * metre},
    {"Gm", "Gm", "gigameter", 1e9 * metre},
    {"Tm", "Tm", "terameter", 1e12 * metre},
    {"Pm", "Pm", "petameter", 1e15 * metre},
    {"Em", "Em", "exameter", 1e18 * metre},
    {"Zm", "Zm", "zettameter", 1e21 * metre},
    {"Ym", "Ym", "yottameter", 1e24 * metre},
    {"fm", "fm", "femtometer", 1e-9},
    {"am", "am", "attometer", 1e-12},
    {"zm", "zm", "zeptometer", 1e-15},
    {"ym", "ym", "yoctometer", 1e-18},
    {"ua", "ua", "", 149597870700.0 * metre},
    {"ly", "ly", "", 9460730472580800.0 * metre},
    {"pc", "pc", "parsec", 3.0856775814913673e16 * metre},
};

/// Other names, in small letters, of a symbol.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"u", "um"},
    {"micron", "um"},
    {"a", "angstrom"},
    {"\"", "in"},
    {"inche", "in"},
    {"feet", "ft"},
    {"mil", "thou"},
    {"line", "li"},
    {"point", "pt"},
    {"decameter", "dam"},
    {"ang", "angstrom"},
    {"angstroem", "angstrom"},
    {"angstromngstrom", "angstrom"}};

/// How signs that are no ASCII come, and what stands for them in the names above. The longest
/// first: UTF-8 taken for Latin-1 and written as UTF-8 again, ImageJ's escapes, UTF-8, Latin-1.
constexpr std::pair<std::string_view, std::string_view> signs[] = {{"\xC3\x82\xC2\xB5", "u"},
                                                                   {"\xC3\x8E\xC2\xBC", "u"},
                                                                   {"\\u00b5", "u"},
                                                                   {"\\u03bc", "u"},
                                                                   {"\\u00c5", "angstrom"},
                                                                   {"\\u212b", "angstrom"},
                                                                   {"\xE2\x84\xAB", "angstrom"},
                                                                   {"\xC2\xB5", "u"},
                                                                   {"\xCE\xBC", "u"},
                                                                   {"\xC3\x85", "angstrom"},
                                                                   {"\xC3\xA5", "angstrom"},
                                                                   {"\xC3\xB6", "o"},
                                                                   {"a\xCC\x8A", "angstrom"},
                                                                   {"\xB5", "u"},
                                                                   {"\xC5", "angstrom"}};

void replace_all(std::string& text, std::string_view sign, std::string_view by) {
    for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at + by.size()))
        text.replace(at, sign.size(), by);
}

template <class Matches>
const LengthUnit* unit_where(Matches matches) {
    const auto* found = std::find_if(std::begin(table), std::end(table), matches);
    return found != std::end(table) ? found : nullptr;
}

}  // namespace

std::span<const LengthUnit> length_units() { return table; }

const LengthUnit* length_unit(std::string_view text) {
    text = trim(text);
    constexpr std::size_t longest = 40;  // of all names, signs escaped
    if (text.empty() || text.size() > longest) return nullptr;
    // Symbols first as they are: Mm is not mm.
    if (const auto* unit = unit_where(
            [&](const LengthUnit& each) { return each.symbol == text || each.ome == text; }))
        return unit;
    std::string name = lower_case(text);
    for (const auto& [sign, by] : signs) replace_all(name, sign, by);
    replace_all(name, "metre", "meter");
    for (int many = 0; many < 2; ++many) {
        if (const auto* unit = unit_where(
                [&](const LengthUnit& each) { return each.symbol == name || each.word == name; }))
            return unit;
        for (const auto& [other, symbol] : other_names)
            if (name == other)
                return unit_where(
                    [wanted = symbol](const LengthUnit& each) { return each.symbol == wanted; });
        if (name.size() < 3 || name.back() != 's') return nullptr;
        name.pop_back();
    }
    return nullptr;
}

double metres_per_unit(std::string_view text) {
    const LengthUnit* unit = length_unit(text);
    return unit != nullptr ? unit->micrometres * 1e-6 : 0.0;
}

const LengthUnit& kept_unit(const LengthUnit& unit) {
    constexpr std::size_t kept = 3;
    const auto* end = table + kept;
    const auto* found = std::find_if(
        std::begin(table), end, [&](const LengthUnit& each) { return each.symbol == unit.symbol; });
    return found != end ? *found : table[0];
}

bool is_no_unit(std::string_view text) {
    const std::string name = lower_case(trim(text));
    for (const char* each : {"", "pixel", "pixels", "px", "none", "voxel", "voxels"})
        if (name == each) return true;
    return false;
}

}  // namespace unet
