#include "terminal/flags.h"
#include "terminal/manual.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

void print_head() {
    put(".TH UNET 1 \"\" \"unet {}\" \"User Commands\"\n.SH NAME\nunet \\- {}\n", version(),
        troff(program_summary));
    put(".SH SYNOPSIS\n\\fBunet\\fR \\fIVERB\\fR ...\n.SH DESCRIPTION\n");
    for (const Verb& verb : verbs)
        put(".TP\n\\fB{}\\fR\n{}\n", troff(verb.name), troff(verb.summary));
    put(".PP\n{}\n",
        troff("Results go to standard output, progress and messages to standard error. Each "
              "verb has --help. In square brackets stands what holds if a flag is not "
              "given."));
}

void print_tail() {
    put(".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailed; the message says where, what was "
        "found, what was expected and what to do\n.TP\n2\nthe command line was not "
        "understood\n");
    put(".SH ENVIRONMENT\n.TP\n\\fBUNET_KERNELS\\fR\n{}\n",
        troff("forces the arithmetic of one instruction set, for tests; `unet --version` "
              "lists what this machine has"));
    put(".SH SOURCE\n{}\n",
        troff("Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical "
              "Image Segmentation. MICCAI 2015."));
}

}  // namespace

int man(const Arguments& arguments) {
    Flags flags(
        "man", "",
        "Prints the manual page: the help of all verbs in one. An installed unet has it as\n"
        "`man unet`.",
        {"unet man | man -l -", "unet man > unet.1"});
    if (!flags.parse(arguments, 0, 0)) return 0;
    print_head();
    for (const Verb& verb : verbs) verb.run({"--help=man"});
    print_tail();
    return 0;
}

}  // namespace unet::cli
