#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace unet {

/// The folder that a training writes into: config.toml, metrics.jsonl, log.txt, model.safetensors
/// (the best), last.safetensors (to go on from), previews/ and report.html. Nothing is written
/// elsewhere.
class RunFolder {
public:
    /// First line of config.toml.
    static constexpr std::string_view config_heading = "# What this run used.";

    /// A new run; the folder and its parents are created. Throws Error(invalid_argument) if it
    /// holds a run already, or files of its names that no run wrote: neither is ever overwritten.
    /// Throws Error(io).
    static RunFolder create(const std::filesystem::path& path);

    /// A run to go on with. Throws Error(invalid_argument) saying what is missing.
    static RunFolder open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path model() const { return path_ / "model.safetensors"; }
    std::filesystem::path last() const { return path_ / "last.safetensors"; }
    std::filesystem::path config() const { return path_ / "config.toml"; }
    std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
    std::filesystem::path log() const { return path_ / "log.txt"; }
    std::filesystem::path report() const { return path_ / "report.html"; }
    std::filesystem::path previews() const { return path_ / "previews"; }

    /// Writes config.toml: the heading, ended by `note`, and `text`. Throws Error(io).
    void write_config(std::string_view note, std::string_view text) const;
    /// Appends a line to metrics.jsonl or log.txt; it reaches the system before the call returns.
    /// Throws Error(io).
    void add_metrics(std::string_view json) const;
    void add_log(std::string_view line) const;

    /// Removes what a run wrote that failed before its first checkpoint, and the folder if nothing
    /// else is in it.
    void discard() const noexcept;

    /// Drops the lines of metrics.jsonl whose "step" is above `step`, and a last line that was cut
    /// off: what a run that was killed wrote after its last checkpoint.
    void forget_after(std::int64_t step) const;

private:
    explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

}  // namespace unet
