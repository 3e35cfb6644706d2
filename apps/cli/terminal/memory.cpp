#include "terminal/memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <charconv>
#include <fstream>
#include <string_view>

#include "terminal/flags.h"

namespace unet::cli {
namespace {

/// A line of /proc/self/status, which counts in units of 1024 bytes.
std::int64_t status_bytes(std::string_view key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return std::stoll(line.substr(key.size())) * 1024;
    return 0;
}

struct Unit {
    const char* name;
    double bytes;
};

constexpr Unit units[] = {{"kb", 1e3},     {"mb", 1e6},     {"gb", 1e9},     {"tb", 1e12},
                          {"kib", 0x1p10}, {"mib", 0x1p20}, {"gib", 0x1p30}, {"tib", 0x1p40}};

}  // namespace

std::int64_t parse_bytes(const std::string& text, const std::string& where) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string word;
    for (const char* at = end; at < text.data() + text.size(); ++at)
        if (*at != ' ') word += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
    if (error == std::errc() && number > 0.0 && number < 1e6)
        for (const Unit& unit : units)
            if (word == unit.name) return static_cast<std::int64_t>(number * unit.bytes);
    throw UsageError(
        fmt::format("{}: found '{}', expected a size such as 512MB or 2GB", where, text));
}

std::int64_t physical_bytes() {
    return std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
}
std::int64_t peak_resident_bytes() { return status_bytes("VmHWM:"); }

}  // namespace unet::cli
