#include "terminal/completion_bash.h"
#include "terminal/completion_zsh.h"
#include "terminal/flags.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

const char* const about_help = "what the program does and how it is used";
const char* const about_version = "its version and its kernels";

void print_bash() {
    std::vector<std::string> words;
    for (const Verb& verb : verbs) words.emplace_back(verb.name);
    words.insert(words.end(), {"--help", "--version"});
    put("{}", bash_head(words));
    for (const Verb& verb : verbs) verb.run({"--help=bash"});
    put("{}", bash_tail());
}

void print_zsh() {
    std::vector<std::pair<std::string, std::string>> words;
    for (const Verb& verb : verbs) words.emplace_back(verb.name, verb.summary);
    words.emplace_back("--help", about_help);
    words.emplace_back("--version", about_version);
    put("{}", zsh_head(words));
    for (const Verb& verb : verbs) verb.run({"--help=zsh"});
    put("{}", zsh_tail());
}

}  // namespace

int completion(const Arguments& arguments) {
    Flags flags("completion", "bash|zsh",
                "Prints a script for your shell: then the Tab key completes verbs, flags, their\n"
                "values and file names. An installed unet brings both scripts with it.",
                {"unet completion bash > ~/.local/share/bash-completion/completions/unet",
                 "source <(unet completion bash)     for this window only",
                 "source <(unet completion zsh)      in .zshrc, after compinit"});
    flags.operand("bash|zsh", "the shell");
    if (!flags.parse(arguments, 1, 1)) return 0;
    const std::string& shell = flags.operands()[0];
    if (shell == "bash")
        print_bash();
    else if (shell == "zsh")
        print_zsh();
    else
        throw UsageError(fmt::format("unet completion: found '{}', expected bash or zsh", shell));
    return 0;
}

}  // namespace unet::cli
