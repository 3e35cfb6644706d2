#include "unet/train/starting_weights.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/model/model.h"

namespace unet {
namespace {

const NamedTensor* find(const std::vector<NamedTensor>& tensors, const std::string& name) {
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const auto& tensor) { return tensor.name == name; });
    return found == tensors.end() ? nullptr : &*found;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("{}", fmt::join(shape, "x"));
}

/// "a, b, c and 7 more": a list that does not flood a terminal.
std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t shown = 12;
    const auto count = std::min(shown, names.size());
    auto text =
        fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<long>(count), ", "));
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

/// The first convolution of a network for red, green and blue as that of one for grey images: its
/// sum over the three, which is what it makes of an image that is equal in all. False where that is
/// not what the tensors are.
bool take_grey(const NamedTensor& colours, NamedTensor& grey) {
    constexpr std::size_t rgb = 3;
    const auto &from = colours.shape, &to = grey.shape;
    if (grey.name != "encoder.0.conv.0.weight" || from.size() != to.size() || from[0] != to[0] ||
        from[1] != static_cast<std::int64_t>(rgb) || to[1] != 1 ||
        !std::equal(from.begin() + 2, from.end(), to.begin() + 2))
        return false;
    const std::size_t taps = grey.values.size() / static_cast<std::size_t>(to[0]);
    for (std::size_t i = 0; i < grey.values.size(); ++i) {
        const float* red = colours.values.data() + i / taps * rgb * taps + i % taps;
        grey.values[i] = red[0] + red[taps] + red[2 * taps];
    }
    return true;
}

}  // namespace

StartingWeights starting_weights_from(const nn::Network& network, std::uint64_t seed,
                                      const std::vector<NamedTensor>& found,
                                      const std::string& where) {
    StartingWeights result{nn::initial_weights(network, seed), {}};
    std::vector<std::string> other_shape, missing, unused;
    std::size_t taken = 0;
    for (NamedTensor& tensor : result.tensors) {
        const NamedTensor* match = find(found, tensor.name);
        if (!match) {
            missing.push_back(tensor.name);
        } else if (take_grey(*match, tensor)) {
            result.notices.push_back(fmt::format(
                "`init` {}: a network for colours: of its first convolution the sum over red, "
                "green and blue is taken",
                where));
            ++taken;
        } else if (match->shape != tensor.shape) {
            other_shape.push_back(fmt::format("{} ({}, the network has {})", tensor.name,
                                              shape_text(match->shape), shape_text(tensor.shape)));
        } else {
            tensor.values = match->values;
            ++taken;
        }
    }
    for (const NamedTensor& tensor : found)
        if (!find(result.tensors, tensor.name)) unused.push_back(tensor.name);
    if (taken == 0)
        fail_setting(
            "init", ErrorCode::shape_mismatch,
            "`init` {}: none of its {} tensors has the name and shape of one of the network's {}; "
            "expected a network of {} levels and {} base channels{}",
            where, found.size(), result.tensors.size(), network.options.levels,
            network.options.base_channels,
            found.empty() ? "" : fmt::format(" (found '{}')", found.front().name));
    const auto note = [&](const char* what, const std::vector<std::string>& names) {
        if (!names.empty())
            result.notices.push_back(fmt::format("`init` {}: {}: {}", where, what, listed(names)));
    };
    note("of another shape, drawn anew", other_shape);
    note("not in the file, drawn anew", missing);
    note("not part of the network, left out", unused);
    return result;
}

StartingWeights starting_weights(const nn::Network& network, std::uint64_t seed,
                                 const std::filesystem::path& init) {
    if (init.empty()) return {nn::initial_weights(network, seed), {}};
    return starting_weights_from(network, seed, read_bare_tensors(init), init.string());
}

std::string normalisation_of(const std::filesystem::path& file) {
    const auto info = read_model_info(file);
    if (!info || info->normalisation.low.size() > 1) return {};
    Normalisation found = info->normalisation;
    if (found.rule == NormaliseRule::dataset) found.rule = NormaliseRule::fixed;
    return to_string(found);
}

void take_channels(UNetOptions& options, const std::vector<NamedTensor>& found,
                   const std::string& where) {
    const nn::Network network = nn::build_network(options);
    const auto extent = [&](const std::string& name, std::size_t axis) {
        const NamedTensor* tensor = find(found, name);
        if (!tensor || tensor->shape.size() <= axis)
            fail_setting(
                "init", ErrorCode::shape_mismatch,
                "`init` {}: found no tensor '{}', expected the weights of a U-Net, named as those "
                "of a model",
                where, name);
        return tensor->shape[axis];
    };
    const int first = network.layers.front().parameters[0];
    const int last = network.layers.back().parameters[0];
    options.in_channels = extent(network.parameters[first].name, 1);
    options.classes = extent(network.parameters[last].name, 0);
}

}  // namespace unet
