#include "unet/train/run/run_folder.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/shell.h"
#include "unet/core/text/unicode.h"

namespace unet {
namespace {

/// By which a log is known again.
constexpr std::string_view log_heading = "# What unet train told.";

/// The step that a line of metrics.jsonl speaks of; -1 for a line that is not whole.
std::int64_t step_of(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("step") || !json["step"].is_number_integer()) return -1;
    return json["step"].get<std::int64_t>();
}

/// No file, or one that a run wrote: somebody else's notes of the same name are not lost.
bool may_replace(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return true;
    const auto text = read_text_file(file);
    return text.starts_with(RunFolder::config_heading) || text.starts_with(log_heading) ||
           step_of(std::string_view(text).substr(0, text.find('\n'))) >= 0;
}

}  // namespace

RunFolder RunFolder::create(const std::filesystem::path& path) {
    RunFolder run(path);
    for (const auto& file : {run.last(), run.model()})
        if (std::filesystem::exists(file))
            fail_setting(
                "out", ErrorCode::invalid_argument,
                "'{}' holds a run already (found '{}'); go on with it by `resume` {}, or give "
                "another folder by `out`",
                path.string(), file.filename().string(), shell_word(path.string()));
    // What is left of a run that ended before its first checkpoint says nothing and is replaced.
    for (const auto& file : {run.config(), run.metrics(), run.log()})
        if (!may_replace(file))
            fail_setting(
                "out", ErrorCode::invalid_argument,
                "'{}' holds a file '{}' that is not of a run and would be replaced; give another "
                "folder by `out`",
                path.string(), file.filename().string());
    create_folder(path);
    std::error_code ignored;
    std::filesystem::remove(run.metrics(), ignored);
    write_file_atomically(run.log(), fmt::format("{}\n", log_heading));
    return run;
}

RunFolder RunFolder::open(const std::filesystem::path& path) {
    RunFolder run(path);
    if (!std::filesystem::is_directory(path))
        fail(ErrorCode::invalid_argument,
             "cannot resume '{}': {}, expected the folder of a run (what `out` named)",
             path.string(),
             std::filesystem::exists(path) ? "it is a file" : "there is no such folder");
    if (!std::filesystem::exists(run.last()))
        fail(ErrorCode::invalid_argument,
             "cannot resume '{}': it has no last.safetensors, which every run writes before its "
             "first step; start it anew with `out`",
             path.string());
    return run;
}

void RunFolder::write_config(std::string_view note, std::string_view text) const {
    write_file_atomically(config(), fmt::format("{}{}\n\n{}", config_heading, note, text));
}

void RunFolder::add_metrics(std::string_view json) const {
    append_to_file(metrics(), fmt::format("{}\n", json));
}

void RunFolder::add_log(std::string_view line) const {
    append_to_file(log(), as_utf8(fmt::format("{}\n", line)));
}

void RunFolder::discard() const noexcept {
    std::error_code ignored;
    for (const auto& file : {config(), metrics(), log(), model()})
        std::filesystem::remove(file, ignored);
    std::filesystem::remove(previews(), ignored);  // only where empty
    std::filesystem::remove(path_, ignored);
}

void RunFolder::forget_after(std::int64_t step) const {
    if (!std::filesystem::exists(metrics())) return;
    const auto text = read_text_file(metrics());
    std::string kept;
    for (std::size_t first = 0; first < text.size();) {
        const auto end = text.find('\n', first);
        if (end == std::string::npos) break;
        const auto line = std::string_view(text).substr(first, end - first);
        const auto found = step_of(line);
        if (found >= 0 && found <= step) kept.append(line).append("\n");
        first = end + 1;
    }
    if (kept != text) write_file_atomically(metrics(), kept);
}

}  // namespace unet
