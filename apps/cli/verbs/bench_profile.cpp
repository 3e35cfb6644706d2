#include "verbs/bench_profile.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "terminal/streams.h"

namespace unet::cli {
Profile::Profile(const nn::Executor& executor, const kernels::Backend& backend)
    : executor_(executor),
      backend_(backend),
      sizes_(nn::tensor_sizes(executor.network(), executor.plan().input.size())) {}

void Profile::add(double seconds) {
    runs_.push_back(executor_.layer_times());
    seconds_.push_back(seconds);
}

double Profile::operations(std::size_t index, bool backward) const {
    const nn::Network& network = executor_.network();
    const nn::Layer& layer = network.layers[index];
    double in = 0.0;
    for (const int input : layer.inputs) in += static_cast<double>(network.tensors[input].channels);
    const auto out = static_cast<std::size_t>(layer.output);
    const auto channels = static_cast<double>(network.tensors[out].channels);
    const auto taps = static_cast<double>(layer.type->taps(layer));
    const auto pixels = static_cast<double>(executor_.plan().input.batch * sizes_[out].elements());
    const double passes = !backward ? 1.0 : layer.inputs[0] == network.input() ? 2.0 : 3.0;
    return 2.0 * passes * taps * in * channels * pixels;
}

std::vector<ProfileRow> Profile::rows() const {
    const nn::Network& network = executor_.network();
    const auto run = std::min_element(seconds_.begin(), seconds_.end()) - seconds_.begin();
    const double whole = seconds_[run];
    const auto& times = runs_[run];
    std::vector<ProfileRow> rows;
    ProfileRow rest{.layer = "everything else", .output = "", .kernel = "", .forward = whole};
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
        const nn::Layer& layer = network.layers[l];
        const auto out = static_cast<std::size_t>(layer.output);
        ProfileRow row{.layer = layer.name, .output = "", .kernel = ""};
        row.output = fmt::format("{} x {}", network.tensors[out].channels, to_string(sizes_[out]));
        row.forward = times[l].forward;
        row.backward = times[l].backward;
        const double seconds = row.forward + row.backward;
        row.share = seconds / whole;
        row.gflops = operations(l, row.backward > 0.0) / seconds * 1e-9;
        row.kernel = layer.type->algorithm(layer, network.tensors[layer.inputs[0]].channels,
                                           *backend_.kernels);
        rest.forward -= seconds;
        rows.push_back(std::move(row));
    }
    rest.share = rest.forward / whole;
    rows.push_back(std::move(rest));
    return rows;
}

void print_table(const std::vector<ProfileRow>& rows) {
    if (rows.empty()) return;
    put("\n{:<22} {:>16} {:>11} {:>11} {:>6} {:>7} {}\n", "layer", "output", "forward ms",
        "backward ms", "share", "GFLOPS", " kernel");
    for (const ProfileRow& row : rows) {
        const auto number = [](double value, const char* format) {
            return value > 0.0 ? fmt::format(fmt::runtime(format), value) : std::string();
        };
        put("{:<22} {:>16} {:>11.3f} {:>11} {:>5.1f}% {:>7}{}\n", row.layer, row.output,
            1e3 * row.forward, number(1e3 * row.backward, "{:.3f}"), 100.0 * row.share,
            number(row.gflops, "{:.0f}"), row.kernel.empty() ? row.kernel : "  " + row.kernel);
    }
}

nlohmann::ordered_json to_json(const std::vector<ProfileRow>& rows) {
    auto list = nlohmann::ordered_json::array();
    for (const ProfileRow& row : rows) {
        nlohmann::ordered_json object{{"layer", row.layer},
                                      {"forward_s", row.forward},
                                      {"backward_s", row.backward},
                                      {"share", row.share}};
        if (!row.output.empty()) object["output"] = row.output;
        if (row.gflops > 0.0) object["gflops"] = row.gflops;
        if (!row.kernel.empty()) object["kernel"] = row.kernel;
        list.push_back(std::move(object));
    }
    return list;
}

}  // namespace unet::cli
