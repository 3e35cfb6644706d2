#include <filesystem>
#include <new>
#include <string_view>

#include "terminal/flags.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

enum Status { done = 0, failed = 1, usage = 2 };

std::string usage_text() {
    std::string text =
        fmt::format("unet {}: {}\n\nusage: unet VERB ...\n\n", version(), program_summary);
    for (const Verb& verb : verbs) text += fmt::format("  {:<12}{}\n", verb.name, verb.summary);
    text +=
        "\nexamples, in the order of use:\n"
        "  unet info mydata                                    images, objects, labels: as "
        "you think?\n"
        "  unet check mydata                                   faults, before a minute is "
        "spent\n"
        "  unet train mydata --budget 10m --out runs/mydata    learn from mydata/images and "
        "mydata/labels\n"
        "  unet predict runs/mydata images --out results --overlay --table counts.csv\n"
        "  unet evaluate results truth                         how good is it?\n\n"
        "`unet VERB --help` explains a verb, `unet --version` names the version and the "
        "kernels.\n";
    return text;
}

void print_version() {
    put("unet {}\nkernels", version());
    for (const auto* table : kernels::available()) put(" {}", table->name);
    put("\n");
}

int run(const std::string& word, const Arguments& arguments) {
    if (word == "--help" || word == "-h" || word == "help") {
        put_text(usage_text());
        return done;
    }
    if (word == "--version") {
        print_version();
        return done;
    }
    std::vector<std::string> known{"--help", "--version"};
    for (const Verb& verb : verbs) {
        if (word == verb.name) return verb.run(arguments);
        known.emplace_back(verb.name);
    }
    const std::string nearest = nearest_word(word, known);
    throw UsageError(
        fmt::format("unet: there is no verb '{}'{}; `unet --help` lists them", word,
                    nearest.empty() ? "" : fmt::format(", did you mean {}?", nearest)));
}

int report(Status status, std::string_view message) {
    tell("{}\n", message);
    return status;
}

/// A message may name the flag of another verb.
void know_all_flags() {
    for (const Verb& verb : verbs) verb.run({"--help=none"});
}

int guarded_run(const std::string& word, const Arguments& arguments) {
    try {
        know_all_flags();
        const int status = run(word, arguments);
        const std::string fault = output_fault();
        if (fault.empty()) return status;
        return report(failed, fmt::format("unet: standard output: {}", fault));
    } catch (const UsageError& error) {
        return report(usage, error.what());
    } catch (const Error& error) {
        const bool usage_error = error.code() == ErrorCode::invalid_argument;
        return report(usage_error ? usage : failed,
                      fmt::format("unet: {}", with_flags(error.what())));
    } catch (const std::filesystem::filesystem_error& error) {
        return report(failed,
                      fmt::format("unet: {}: {}", error.path1().string(), error.code().message()));
    } catch (const std::bad_alloc&) {
        return report(failed, "unet: the system has not enough memory for this");
    } catch (const std::exception& error) {
        return report(failed, fmt::format("unet: {}", error.what()));
    }
}

}  // namespace
}  // namespace unet::cli

int main(int argc, char** argv) {
    unet::cli::open_streams();
    if (argc < 2) {
        unet::cli::tell_text(unet::cli::usage_text());
        return unet::cli::usage;
    }
    return unet::cli::guarded_run(argv[1], unet::cli::Arguments(argv + 2, argv + argc));
}
