#include "unet/core/files/temporary_name.h"

#include <atomic>
#include <charconv>
#include <string_view>

#include "unet/core/files/file_name.h"
#include "unet/core/fingerprint.h"
#include "unet/core/system/process.h"

namespace unet {
namespace {

constexpr std::string_view ending = ".tmp";
/// Room for ".MACHINE-PROCESS-COUNT.tmp" and what a folder that steps aside has more (".old").
constexpr std::size_t most_kept = most_name_bytes - 40;

/// What temporary names of a file begin with. It ends where a character does.
std::string begin_of(const std::filesystem::path& target) {
    std::string name = target.filename().string();
    if (name.size() <= most_kept) return name;
    name.resize(most_kept);
    const auto goes_on = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
    };
    const std::string whole = target.filename().string();
    while (name.size() > most_kept - 3 && goes_on(whole[name.size()])) name.pop_back();
    return name;
}

/// A machine's name may be longer than what is left of a file's name, and hold any character.
std::string machine_digits() {
    Fingerprint fingerprint;
    fingerprint.add(system::machine_name());
    return fingerprint.text().substr(8);
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& target) {
    static std::atomic<unsigned> count{0};
    return target.parent_path() / fmt::format("{}.{}-{}-{}{}", begin_of(target), machine_digits(),
                                              system::process_id(), count++, ending);
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

bool is_temporary_of(const std::filesystem::path& path, const std::filesystem::path& target) {
    return path.filename().string().starts_with(begin_of(target) + ".");
}

}  // namespace unet
