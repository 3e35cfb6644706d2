#include "unet/core/text/byte_size.h"

#include <charconv>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/text/text.h"

namespace unet {
namespace {

constexpr std::pair<const char*, double> units[] = {
    {"kb", 1e3},     {"mb", 1e6},     {"gb", 1e9},     {"tb", 1e12},
    {"kib", 0x1p10}, {"mib", 0x1p20}, {"gib", 0x1p30}, {"tib", 0x1p40}};

}  // namespace

std::string bytes_text(double bytes) {
    if (bytes < 1e3) return fmt::format("{:.0f} B", bytes);
    if (bytes < 1e6) return fmt::format("{:.1f} kB", bytes / 1e3);
    if (bytes < 1e9) return fmt::format("{:.1f} MB", bytes / 1e6);
    return fmt::format("{:.2f} GB", bytes / 1e9);
}

std::int64_t parse_bytes(const std::string& text, const std::string& setting) {
    double number = 0.0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    std::string word = lower_case({end, last});
    std::erase(word, ' ');
    if (error == std::errc() && number > 0.0 && number < 1e6)
        for (const auto& [unit, bytes] : units)
            if (word == unit) return static_cast<std::int64_t>(number * bytes);
    fail_setting(setting, ErrorCode::invalid_argument,
                 "`{}`: found '{}', expected a size such as 512MB or 2GB", setting, text);
}

}  // namespace unet
