#pragma once

#include <string>

#include "terminal/help.h"

namespace unet::cli {

/// What follows the verb's name in the completion script for bash: a branch of its `case`.
std::string bash_branch(const Help& help);

/// Before and after the branches of all verbs; `words` are what may follow "unet".
std::string bash_head(const std::vector<std::string>& words);
std::string bash_tail();

}  // namespace unet::cli
