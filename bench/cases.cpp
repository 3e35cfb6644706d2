// Which operators are measured, and what they amount to.
#include "bench/workload.h"
#include "unet/core/error.h"

namespace unet::bench {
namespace {

std::int64_t sum_of(const std::vector<std::int64_t>& values) {
    std::int64_t sum = 0;
    for (const auto value : values) sum += value;
    return sum;
}

void add_passes(std::vector<Case>& cases, Case c, std::initializer_list<Pass> passes) {
    for (const Pass pass : passes) {
        c.pass = pass;
        cases.push_back(c);
    }
}

}  // namespace

std::string name_of(Pass pass) {
    return pass == Pass::forward         ? "forward"
           : pass == Pass::backward_data ? "backward_data"
                                         : "backward_weights";
}

std::string name_of(const Case& c) {
    std::string channels;
    for (const auto part : c.in) channels += fmt::format("{}{}", channels.empty() ? "" : "+", part);
    if (c.out) channels += fmt::format(" -> {}", c.out);
    const char* kinds[] = {"convolution", "up_convolution", "max_pool", "batch_norm"};
    const std::string kind = c.kind == Kind::convolution
                                 ? fmt::format("convolution {}", to_string(c.kernel))
                                 : kinds[static_cast<int>(c.kind)];
    return fmt::format("{} {}, {}", kind, channels, to_string(c.size));
}

double operations_of(const Case& c, std::int64_t batch) {
    if (c.kind != Kind::convolution && c.kind != Kind::up_convolution) return 0.0;
    return 2.0 * static_cast<double>(batch * c.size.elements() * c.kernel.elements() *
                                     sum_of(c.in) * c.out);
}

double bytes_of(const Case& c, std::int64_t batch) {
    const auto in = sum_of(c.in);
    std::int64_t floats = 0;
    switch (c.kind) {
        case Kind::convolution: {
            const Size3 input{c.size.depth + c.kernel.depth - 1,
                              c.size.height + c.kernel.height - 1,
                              c.size.width + c.kernel.width - 1};
            floats = batch * (input.elements() * in + c.size.elements() * c.out) +
                     in * c.out * c.kernel.elements();
            break;
        }
        case Kind::up_convolution:
            floats = batch * c.size.elements() * (in + c.kernel.elements() * c.out) +
                     in * c.out * c.kernel.elements();
            break;
        case Kind::max_pool: {
            const std::int64_t window = c.kernel.elements(), all = batch * c.size.elements() * in;
            // Forward: input, output. Back: both, the output's gradient, the input's gradient.
            floats = c.pass == Pass::forward ? all + all / window : 2 * all + 2 * all / window;
            break;
        }
        case Kind::batch_norm:
            // Forward: input twice, output. Back: input and gradient twice, gradient written.
            floats = batch * c.size.elements() * in * (c.pass == Pass::forward ? 3 : 5);
            break;
    }
    return 4.0 * static_cast<double>(floats);
}

std::vector<Case> paper_cases() {
    const auto square = [](std::int64_t edge) { return Size3{1, edge, edge}; };
    std::vector<Case> cases;
    const auto convolution = [&](std::vector<std::int64_t> in, std::int64_t out,
                                 std::int64_t edge) {
        add_passes(cases, {.in = std::move(in), .out = out, .size = square(edge)},
                   {Pass::forward, Pass::backward_data, Pass::backward_weights});
    };
    convolution({64}, 64, 568);
    std::int64_t channels = 64;
    for (const std::int64_t edge : {282, 138, 66, 30}) {  // encoder, size after the first of two
        convolution({channels}, 2 * channels, edge);
        channels *= 2;
        convolution({channels}, channels, edge - 2);
    }
    for (const std::int64_t edge : {54, 102, 198, 390}) {  // decoder
        channels /= 2;
        convolution({channels, channels}, channels, edge);
        convolution({channels}, channels, edge - 2);
    }
    for (std::int64_t edge = 28, in = 1024; in > 64; edge = 2 * edge - 4, in /= 2)
        add_passes(cases,
                   {.kind = Kind::up_convolution,
                    .in = {in},
                    .out = in / 2,
                    .size = square(edge),
                    .kernel = {1, 2, 2}},
                   {Pass::forward, Pass::backward_data, Pass::backward_weights});
    for (const Kind kind : {Kind::max_pool, Kind::batch_norm})
        for (std::int64_t edge = 568, in = 64; in < 1024; edge = edge / 2 - 4, in *= 2)
            add_passes(cases, {.kind = kind, .in = {in}, .size = square(edge), .kernel = {1, 2, 2}},
                       {Pass::forward, Pass::backward_data});
    return cases;
}

}  // namespace unet::bench
