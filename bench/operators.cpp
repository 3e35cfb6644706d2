// unet_bench: checks operators against the reference on a small size, then times them. Speed is
// reported against what the machine can do, measured in the same run: effective GFLOP/s as a share
// of the peak of fused multiply-adds, bytes per second as a share of copying.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "bench/machine.h"
#include "bench/workload.h"
#include "unet/core/error.h"
#include "unet/core/machine.h"
#include "unet/kernels/dispatch.h"

namespace unet::bench {
namespace {

using kernels::KernelTable;

struct Settings {
    int threads = 0;
    int repeat = 5;
    std::int64_t batch = 1;
    std::string filter, kernels;
    std::vector<std::string> convolutions;
    bool check_only = false, once = false, json = false;
};

/// The largest relative L2 difference that passes: what the network as a whole may differ from
/// PyTorch in its forward pass. Direct sums reach 1e-6, Winograd's about four times that.
constexpr double allowed_difference = 1e-5;

/// "64+64:64:390x390" as a case: input channels, output channels, height x width of the output.
Case parse_convolution(const std::string& text) {
    Case c;
    long out = 0, height = 0, width = 0;
    int end = 0;
    const auto colon = text.find(':');
    std::size_t at = 0;
    while (colon != std::string::npos && at < colon) {
        const auto next = std::min(colon, text.find('+', at));
        c.in.push_back(std::atol(text.substr(at, next - at).c_str()));
        at = next + 1;
    }
    const bool good =
        colon != std::string::npos &&
        std::sscanf(text.c_str() + colon, ":%ld:%ldx%ld%n", &out, &height, &width, &end) == 3 &&
        colon + static_cast<std::size_t>(end) == text.size() && c.in.size() <= 2;
    const auto usable = [](std::int64_t n) { return n > 0 && (n < 16 || n % 16 == 0); };
    if (!good || !std::all_of(c.in.begin(), c.in.end(), usable) || !usable(out) || height < 1 ||
        width < 1)
        fail(ErrorCode::invalid_argument,
             "--convolution is '{}', must be like 64+64:64:390x390 (channels below 16 or multiples "
             "of 16)",
             text);
    c.out = out;
    c.size = {1, height, width};
    return c;
}

std::vector<Case> chosen_cases(const Settings& settings) {
    std::vector<Case> all, chosen;
    if (settings.convolutions.empty()) all = paper_cases();
    for (const auto& text : settings.convolutions)
        for (const Pass pass : {Pass::forward, Pass::backward_data, Pass::backward_weights}) {
            all.push_back(parse_convolution(text));
            all.back().pass = pass;
        }
    for (const Case& c : all)
        if ((name_of(c) + " " + name_of(c.pass)).find(settings.filter) != std::string::npos)
            chosen.push_back(c);
    if (chosen.empty())
        fail(ErrorCode::invalid_argument, "--filter '{}' leaves none of {} cases", settings.filter,
             all.size());
    return chosen;
}

/// The tables to run: one by name, or all but the reference (or that, where it is alone).
std::vector<const KernelTable*> chosen_tables(const Settings& settings) {
    if (!settings.kernels.empty()) return {&kernels::select(settings.kernels)};
    if (!settings.check_only) return {&kernels::select()};
    auto tables = kernels::available();
    if (tables.size() > 1) tables.pop_back();
    return tables;
}

/// The same channels on a picture so small that the reference takes no time.
Case small(Case c) {
    c.size = c.kind == Kind::convolution || c.kind == Kind::up_convolution ? Size3{1, 3, 5}
                                                                           : Size3{1, 7, 9};
    return c;
}

/// Relative L2 difference of all that two runs of a case wrote.
double difference(const Workload& actual, const Workload& expected) {
    double error = 0.0, size = 0.0;
    const auto a = actual.results(), e = expected.results();
    for (std::size_t part = 0; part < e.size(); ++part)
        for (std::size_t k = 0; k < e[part].size(); ++k) {
            const double d = static_cast<double>(a[part][k]) - static_cast<double>(e[part][k]);
            error += d * d;
            size += static_cast<double>(e[part][k]) * static_cast<double>(e[part][k]);
        }
    return std::sqrt(error / size);
}

/// Throws where a table does not agree with the reference.
void check(const Case& c, const std::vector<const KernelTable*>& tables, Context& context) {
    Workload expected(small(c), 2);
    expected.run(*kernels::available().back(), context);
    for (const KernelTable* table : tables) {
        Workload actual(small(c), 2);
        actual.run(*table, context);
        const double found = difference(actual, expected);
        if (!(found <= allowed_difference))
            fail(ErrorCode::unsupported,
                 "{} {}: {} differs from the reference by {:.1e} of its size, allowed is {:.0e}",
                 name_of(c), name_of(c.pass), table->name, found, allowed_difference);
    }
}

double median_seconds(const Case& c, const Settings& settings, const KernelTable& table,
                      Context& context) {
    Workload workload(c, settings.batch);
    workload.run(table, context);  // pages, caches, threads
    std::vector<double> seconds;
    for (int k = 0; k < settings.repeat; ++k) {
        const auto start = std::chrono::steady_clock::now();
        workload.run(table, context);
        seconds.push_back(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(seconds.begin(), seconds.begin() + settings.repeat / 2, seconds.end());
    return seconds[settings.repeat / 2];
}

nlohmann::json measure(const Settings& settings, const std::vector<Case>& cases,
                       const KernelTable& table, Context& context) {
    const double peak = fma_peak(context, table.name), copy = copy_bandwidth(context);
    nlohmann::json report{{"processor", processor_name()},  {"compiler", __VERSION__},
                          {"kernels", table.name},          {"threads", context.threads()},
                          {"batch", settings.batch},        {"repeat", settings.repeat},
                          {"fma_peak_gflops", peak * 1e-9}, {"copy_gbytes_per_s", copy * 1e-9}};
    if (!settings.json)
        fmt::print(
            "{}, {} kernels, {} threads: {:.0f} GFLOP/s of FMA, {:.1f} GB/s of copying\n\n"
            "{:<44} {:<17} {:>9} {:>8} {:>6} {:>7} {:>6}\n",
            processor_name(), table.name, context.threads(), peak * 1e-9, copy * 1e-9, "operator",
            "pass", "ms", "GFLOP/s", "peak", "GB/s", "copy");
    for (const Case& c : cases) {
        check(c, {&table}, context);
        const double seconds = median_seconds(c, settings, table, context);
        const double flops = operations_of(c, settings.batch) / seconds;
        const double bytes = bytes_of(c, settings.batch) / seconds;
        const double of_peak = peak > 0.0 ? flops / peak : 0.0;
        report["results"].push_back({{"operator", name_of(c)},
                                     {"pass", name_of(c.pass)},
                                     {"median_ms", seconds * 1e3},
                                     {"gflops", flops * 1e-9},
                                     {"share_of_fma_peak", of_peak},
                                     {"gbytes_per_s", bytes * 1e-9},
                                     {"share_of_copy", bytes / copy}});
        if (settings.json) continue;
        const auto shown = [&](double value, const char* unit) {
            return flops > 0.0 ? fmt::format("{:.0f}{}", value, unit) : std::string("-");
        };
        fmt::print("{:<44} {:<17} {:>9.2f} {:>8} {:>6} {:>7.1f} {:>5.0f}%\n", name_of(c),
                   name_of(c.pass), seconds * 1e3, shown(flops * 1e-9, ""),
                   shown(of_peak * 100, "%"), bytes * 1e-9, bytes / copy * 100);
        std::fflush(stdout);
    }
    return report;
}

void run(const Settings& settings) {
    Context context(settings.threads);
    const auto cases = chosen_cases(settings);
    const auto tables = chosen_tables(settings);
    if (settings.check_only) {
        for (const Case& c : cases) check(c, tables, context);
        for (const KernelTable* table : tables)
            fmt::print("{}: {} cases agree with the reference\n", table->name, cases.size());
        return;
    }
    if (settings.once) {
        for (const Case& c : cases) Workload(c, settings.batch).run(*tables.front(), context);
        return;
    }
    const auto report = measure(settings, cases, *tables.front(), context);
    if (settings.json) fmt::print("{}\n", report.dump(2));
}

}  // namespace
}  // namespace unet::bench

int main(int count, char** arguments) {
    unet::bench::Settings settings;
    CLI::App app("Times the operators of the paper's network, after checking them.");
    app.add_option("--threads", settings.threads, "0: all");
    app.add_option("--filter", settings.filter, "only cases whose name and pass contain this");
    app.add_option("--convolution", settings.convolutions,
                   "measure these instead, like 64+64:64:390x390");
    app.add_option("--batch", settings.batch)->check(CLI::PositiveNumber);
    app.add_option("--repeat", settings.repeat, "runs of which the median is taken")
        ->check(CLI::PositiveNumber);
    app.add_option("--kernels", settings.kernels, "name of a kernel table; the fastest");
    app.add_flag("--check", settings.check_only, "check every table, time nothing");
    app.add_flag("--once", settings.once, "run every case once, print nothing (instructions.py)");
    app.add_flag("--json", settings.json);
    CLI11_PARSE(app, count, arguments);
    try {
        unet::bench::run(settings);
    } catch (const unet::Error& error) {
        std::fprintf(stderr, "unet_bench: %s\n", error.what());
        return error.code() == unet::ErrorCode::invalid_argument ? 2 : 1;
    }
}
