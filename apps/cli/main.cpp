#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <string_view>

#include "terminal/flags.h"
#include "terminal/waiting.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

enum Status { done = 0, failed = 1, usage = 2 };

void print_usage(std::FILE* stream) {
    fmt::print(stream, "unet {}: {}\n\nusage: unet VERB ...\n\n", version(), program_summary);
    for (const Verb& verb : verbs) fmt::print(stream, "  {:<12}{}\n", verb.name, verb.summary);
    fmt::print(stream,
               "\nexamples, in the order of use:\n"
               "  unet info mydata                                    images, objects, labels: as "
               "you think?\n"
               "  unet check mydata                                   faults, before a minute is "
               "spent\n"
               "  unet train mydata --budget 10m --out runs/mydata    learn from mydata/images and "
               "mydata/labels\n"
               "  unet predict runs/mydata pictures --out results --overlay --table counts.csv\n"
               "  unet evaluate results truth                         how good is it?\n\n"
               "`unet VERB --help` explains a verb, `unet --version` names the version and the "
               "kernels.\n");
}

void print_version() {
    fmt::print("unet {}\nkernels", version());
    for (const auto* table : kernels::available()) fmt::print(" {}", table->name);
    fmt::print("\n");
}

int run(const std::string& word, const Arguments& arguments) {
    if (word == "--help" || word == "-h" || word == "help") {
        print_usage(stdout);
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
    fmt::print(stderr, "{}\n", message);
    return status;
}

int guarded_run(const std::string& word, const Arguments& arguments) {
    try {
        const int status = run(word, arguments);
        if (std::fflush(stdout) != 0)
            return report(failed, fmt::format("unet: standard output: {}", std::strerror(errno)));
        return status;
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
    unet::cli::wait_asleep(argv);
    if (argc < 2) {
        unet::cli::print_usage(stderr);
        return unet::cli::usage;
    }
    return unet::cli::guarded_run(argv[1], unet::cli::Arguments(argv + 2, argv + argc));
}
