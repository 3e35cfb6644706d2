#include "unfinished.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdlib>

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// FNV-1a of all weights, word by word.
std::string weights_text(const Model& model) {
    std::uint64_t state = 0xCBF29CE484222325;
    for (const NamedTensor& tensor : model.tensors)
        for (const float value : tensor.values) {
            state ^= std::bit_cast<std::uint32_t>(value);
            state *= 0x100000001B3;
        }
    return fmt::format("{:016x}", state);
}

/// Empty where there is none or it is damaged.
Json read_json(const fs::path& path) {
    if (!fs::exists(path)) return {};
    Json json = Json::parse(read_text_file(path), nullptr, false);
    return json.is_object() ? json : Json();
}

/// Writes unless the file is there; of several programs that try at once one succeeds.
void write_first(const fs::path& path, const std::string& text) {
    auto own = path;
    own += fmt::format(".{}", ::getpid());
    write_file_atomically(own, text);
    std::error_code there;
    fs::create_hard_link(own, path, there);
    fs::remove(own);
    if (there && !fs::exists(path))
        fail(ErrorCode::io, "cannot write '{}': {}", path.string(), there.message());
}

/// Tiles first: without the description of what they are they must not be found.
void remove_tiles(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".tile") fs::remove(entry.path(), error);
}

/// All that is kept of an image.
void remove_image(const fs::path& folder) {
    std::error_code error;
    for (const auto& kind : fs::directory_iterator(folder, error)) remove_tiles(kind.path());
    fs::remove_all(folder, error);
}

}  // namespace

/// Files of an OME-Zarr are too many to look at each.
Json identity_of(const fs::path& path) {
    std::error_code error;
    const auto bytes = fs::is_directory(path) ? 0 : fs::file_size(path, error);
    return {{"bytes", bytes},
            {"modified", fs::last_write_time(path, error).time_since_epoch().count()}};
}

Unfinished::Unfinished(const fs::path& out, const Model& model, Json flags)
    : folder_(out / ".unfinished") {
    run_ = {{"program", version()},
            {"kernels", kernels::cpu_backend().kernels->name},
            {"model", weights_text(model)},
            {"settings", metadata_text(model)},
            {"flags", std::move(flags)}};
}

fs::path Unfinished::folder_of(const Input& input) const { return folder_ / input.stem; }

Json Unfinished::about(const Input& input) const {
    Json about = run_;
    about["input"] = identity_of(input.path);
    return about;
}

Unfinished::Place Unfinished::begin(const Input& input, const char* kind, std::int64_t edge) const {
    const fs::path folder = folder_of(input) / kind;
    create_folder(folder);
    Json wanted = about(input);
    wanted["tile"] = edge;
    const fs::path file = folder / "about.json";
    if (!fs::exists(file)) remove_tiles(folder);  // their removal was interrupted
    write_first(file, wanted.dump(2) + "\n");
    const Json found = read_json(file);
    constexpr std::pair<const char*, const char*> words[] = {
        {"program", "another version of unet"},
        {"kernels", "another kernel table"},
        {"model", "another model"},
        {"settings", "another model"},
        {"flags", "other flags"},
        {"input", "another file of that name, or one that has changed since"}};
    for (const auto& [key, what] : words) {
        const Json before = found.value(key, Json());
        if (before == wanted[key]) continue;
        const bool shown = std::string_view(key) != "settings" && std::string_view(key) != "input";
        fail(
            ErrorCode::invalid_argument,
            "--resume: the unfinished prediction of {} was begun with {}{}; go on as it was begun, "
            "or remove {} to start anew",
            input.path.string(), what,
            shown ? fmt::format(": found {}, now {}", before.dump(), wanted[key].dump()) : "",
            folder_.string());
    }
    return {folder, found.value("tile", edge)};
}

bool Unfinished::claim(const Input& input) const {
    std::error_code error;
    return fs::create_directory(folder_of(input) / "claimed", error);
}

void Unfinished::finish(const Input& input, const Json& entry) const {
    Json done = about(input);
    done["entry"] = entry;
    create_folder(folder_of(input));
    write_file_atomically(folder_of(input) / "done.json", done.dump(2) + "\n");
    for (const auto& inside : fs::directory_iterator(folder_of(input)))
        if (inside.is_directory()) {
            remove_tiles(inside.path());
            fs::remove_all(inside.path());
        }
}

Json Unfinished::finished(const Input& input) const {
    Json done = read_json(folder_of(input) / "done.json");
    if (done.is_null()) return {};
    const Json entry = done["entry"];
    done.erase("entry");
    if (done != about(input) || !entry.is_object()) return {};
    for (const auto& [key, value] : entry.items())
        if (value.is_string() && !fs::exists(value.get<std::string>())) return {};
    return entry;
}

void Unfinished::remove_leftovers(const fs::path& file) {
    // AtomicFile and AtomicFolder: NAME.PROCESS-NUMBER.tmp, behind an ending of their own at times.
    const std::string name = file.filename().string() + ".";
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string found = entry.path().filename().string();
        if (!found.starts_with(name) || !found.ends_with(".tmp")) continue;
        const std::string numbers = found.substr(found.rfind('.', found.size() - 5) + 1);
        const int process = std::atoi(numbers.c_str());
        const bool alive = process <= 0 || ::kill(process, 0) == 0 || errno != ESRCH;
        if (!alive) fs::remove_all(entry.path());
    }
}

void Unfinished::clear(const std::vector<Input>& inputs) const {
    std::error_code error;
    for (const Input& input : inputs) remove_image(folder_of(input));
    fs::remove(folder_, error);  // only where it is empty: other shares may be at work
}

void Unfinished::clear() const {
    std::error_code error;
    for (const auto& image : fs::directory_iterator(folder_, error)) remove_image(image.path());
    fs::remove_all(folder_, error);
}

}  // namespace unet::cli
