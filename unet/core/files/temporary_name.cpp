#include "unet/core/files/temporary_name.h"

#include <atomic>
#include <charconv>
#include <string_view>

#include "unet/core/fingerprint.h"
#include "unet/core/system/process.h"

namespace unet {
namespace {

constexpr std::string_view ending = ".tmp";

/// A machine's name may be longer than what is left of a file's name, and hold any character.
std::string machine_digits() {
    Fingerprint fingerprint;
    fingerprint.add(system::machine_name());
    return fingerprint.text().substr(8);
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& target) {
    static std::atomic<unsigned> count{0};
    auto name = target;
    name += fmt::format(".{}-{}-{}{}", machine_digits(), system::process_id(), count++, ending);
    return name;
}

bool is_abandoned(const std::filesystem::path& path) {
    std::string name = path.filename().string();
    if (!name.ends_with(ending)) return false;
    name.resize(name.size() - ending.size());
    const std::string here = fmt::format(".{}-", machine_digits());
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || name.compare(dot, here.size(), here) != 0) return false;
    int process = 0;
    const char* digits = name.data() + dot + here.size();
    const auto [end, error] = std::from_chars(digits, name.data() + name.size(), process);
    return error == std::errc() && *end == '-' && process > 0 && system::has_ended(process);
}

}  // namespace unet
