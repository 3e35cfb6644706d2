#pragma once

#include <string>
#include <utility>
#include <vector>

#include "terminal/help.h"

namespace unet::cli {

/// What follows the verb's name in the completion script for zsh: a branch of its `case`.
std::string zsh_branch(const Help& help);

/// Before and after the branches of all verbs; `words` are what may follow "unet", each with what
/// it does.
std::string zsh_head(const std::vector<std::pair<std::string, std::string>>& words);
std::string zsh_tail();

}  // namespace unet::cli
