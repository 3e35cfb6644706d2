#include "unet/jobs/predicting/unfinished.h"

#include <utility>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/files/temporary_name.h"
#include "unet/core/fingerprint.h"
#include "unet/core/machine.h"
#include "unet/core/text/json.h"
#include "unet/kernels/backend.h"
#include "unet/model/metadata.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string weights_text(const Model& model) {
    Fingerprint fingerprint;
    for (const NamedTensor& tensor : model.tensors) fingerprint.add(tensor.values);
    return fingerprint.text();
}

/// Empty where there is none or it is damaged.
Json read_json(const fs::path& path) {
    if (!fs::exists(path)) return {};
    Json json = Json::parse(read_text_file(path), nullptr, false);
    return json.is_object() ? json : Json();
}

/// Tiles first: without the description of what they are they must not be found.
void remove_tiles(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".tile") fs::remove(entry.path(), error);
}

void remove_all_tiles(const fs::path& folder) {
    std::error_code error;
    for (const auto& inside : fs::directory_iterator(folder, error))
        if (inside.is_directory()) {
            remove_tiles(inside.path());
            fs::remove_all(inside.path(), error);
        }
}

/// Neither tiles nor what was finished: of an image that failed before.
bool holds_nothing(const fs::path& folder) {
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error))
        if (entry->path().extension() == ".tile" || entry->path().filename() == "done.json")
            return false;
    return !error;
}

}  // namespace

UnfinishedImage::UnfinishedImage(fs::path folder, Json about)
    : folder_(std::move(folder)), about_(std::move(about)), lock_(folder_) {}

UnfinishedImage::~UnfinishedImage() {
    if (holds_nothing(folder_)) forget();
}

UnfinishedImage::Place UnfinishedImage::begin(const Input& input, const char* kind,
                                              std::int64_t edge) const {
    const fs::path folder = folder_ / kind, file = folder / "about.json";
    Json wanted = about_;
    wanted["tile"] = edge;
    lock_.in_turn([&] {
        create_folder(folder);
        if (fs::exists(file)) return;
        remove_tiles(folder);  // without a description they may be of anything
        write_file_atomically(file, json_text(wanted, 2) + "\n");
    });
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
        fail_setting(
            "resume", ErrorCode::invalid_argument,
            "`resume`: the unfinished prediction of {} was begun with {}{}; go on as it was begun, "
            "or remove {} to start anew",
            input.path.string(), what,
            shown ? fmt::format(": found {}, now {}", json_text(before), json_text(wanted[key]))
                  : "",
            folder_.string());
    }
    return {folder, found.value("tile", edge)};
}

void UnfinishedImage::finish(const PredictedImage& image) const {
    Json done = about_;
    done["entry"] = to_json(image);
    write_file_atomically(folder_ / "done.json", json_text(done, 2) + "\n");
    if (lock_.leave()) remove_all_tiles(folder_);
}

std::optional<PredictedImage> UnfinishedImage::finished() const {
    Json done = read_json(folder_ / "done.json");
    if (done.is_null()) return {};
    const Json entry = done.value("entry", Json());
    done.erase("entry");
    if (done != about_ || !entry.is_object()) return {};
    PredictedImage image = predicted_image(entry);
    return image.is_there() ? std::optional(std::move(image)) : std::nullopt;
}

void UnfinishedImage::forget() {
    if (!lock_.leave()) return;
    remove_all_tiles(folder_);
    lock_.remove();
    std::error_code error;
    fs::remove(folder_.parent_path(), error);  // only where it is empty: others may be at work
}

Unfinished::Unfinished(const fs::path& out, const Model& model, const kernels::Backend& backend,
                       Json settings)
    : folder_(out / ".unfinished") {
    run_ = {{"program", version()},
            {"kernels", backend.kernels->name},
            {"model", weights_text(model)},
            {"settings", metadata_text(model)},
            {"flags", std::move(settings)}};
}

std::unique_ptr<UnfinishedImage> Unfinished::at_work(const Input& input,
                                                     const Identity& identity) const {
    Json about = run_;
    about["input"] = to_json(identity);
    return std::make_unique<UnfinishedImage>(folder_ / input.stem, std::move(about));
}

void Unfinished::forget(const std::vector<Input>& inputs) const {
    for (const Input& input : inputs) {
        if (!fs::exists(folder_ / input.stem)) continue;
        const auto image = at_work(input, identity_of(input.path));
        if (image->finished()) image->forget();
    }
}

void Unfinished::remove_leftovers(const fs::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    for (const auto& entry : fs::directory_iterator(folder))
        if (is_temporary_of(entry.path(), file) && is_abandoned(entry.path()))
            fs::remove_all(entry.path());
}

}  // namespace unet
