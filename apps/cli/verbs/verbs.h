#pragma once

#include <string>
#include <vector>

namespace unet::cli {

using Arguments = std::vector<std::string>;

// One function per verb, in a file of its name. Arguments are the words after the verb. Returns the
// exit status, 0 or 1; throws UsageError, or Error out of the library.
int check(const Arguments& arguments);
int data(const Arguments& arguments);
int train(const Arguments& arguments);
int predict(const Arguments& arguments);
int objects(const Arguments& arguments);
int plan(const Arguments& arguments);
int evaluate(const Arguments& arguments);
int measure(const Arguments& arguments);
int report(const Arguments& arguments);
int info(const Arguments& arguments);
int bench(const Arguments& arguments);
int completion(const Arguments& arguments);
int man(const Arguments& arguments);

struct Verb {
    const char* name;
    const char* summary;
    int (*run)(const Arguments&);
};

/// In the order of use.
inline constexpr Verb verbs[] = {
    {"info", "say what is in a data set, an image, a model or a run", info},
    {"check", "look for faults in images and labels before training", check},
    {"data", "draw what training will see; import and export annotations", data},
    {"train", "train a network on annotated images", train},
    {"predict", "apply a trained model to images", predict},
    {"plan", "say what a prediction will take: tiles, memory, time", plan},
    {"objects", "turn probabilities into numbered objects", objects},
    {"evaluate", "compare predictions with annotations", evaluate},
    {"measure", "list every object: place, size, shape, brightness", measure},
    {"report", "write a page on a training or a prediction, to look at and to send", report},
    {"bench", "time the network on this machine", bench},
    {"completion", "print a script that completes commands in bash or zsh", completion},
    {"man", "print the manual page", man},
};

/// One line: what the program is.
inline constexpr const char* program_summary =
    "find cells, nuclei and other objects in images with a U-Net";

}  // namespace unet::cli
