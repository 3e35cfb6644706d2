#include <nlohmann/json.hpp>

#include "terminal/progress.h"
#include "unet/unet.h"
#include "verbs/info.h"
#include "verbs/run_commands.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Lines of metrics.jsonl; one that was cut off by a crash is passed over.
std::vector<Json> read_metrics(const std::filesystem::path& path) {
    std::vector<Json> lines;
    if (!std::filesystem::exists(path)) return lines;
    const std::string text = read_text_file(path);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const Json line = Json::parse(text.substr(begin, end - begin), nullptr, false);
        if (line.is_object()) lines.push_back(line);
        begin = end + 1;
    }
    return lines;
}

}  // namespace

Facts describe_run(const std::filesystem::path& path) {
    const RunFolder run = RunFolder::open(path);
    const TrainingState state = read_checkpoint(run.last()).training;
    const auto metrics = read_metrics(run.metrics());

    Facts facts;
    facts.add("run", path.string(), path.string());
    facts.add("finished", state.finished,
              state.finished ? "yes" : fmt::format("no; `{}` goes on", resume_command(path)));
    facts.add("step", state.step, fmt::format("{}", state.step));
    facts.add("seconds", state.seconds, state.seconds > 0 ? duration_text(state.seconds) : "");
    facts.add("kernels", state.kernels, state.kernels);
    if (state.best_step >= 0)
        facts.add("best", Json{{"step", state.best_step}, {"score", state.best_score}},
                  fmt::format("score {:.4f} at step {}", state.best_score, state.best_step));
    facts.add("model", run.model().string(), run.model().string());
    facts.add("metrics", metrics.empty() ? Json() : metrics.back(),
              metrics.empty() ? "" : metrics.back().dump());
    facts.add("previews", run.previews().string(), run.previews().string());
    return facts;
}

}  // namespace unet::cli
