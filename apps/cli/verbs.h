#pragma once

#include <string>
#include <vector>

namespace unet::cli {

using Arguments = std::vector<std::string>;

// One function per verb, in a file of its name. Arguments are the words after the verb. Returns the
// exit status, 0 or 1; throws UsageError, or Error out of the library.
int train(const Arguments& arguments);
int predict(const Arguments& arguments);
int evaluate(const Arguments& arguments);
int info(const Arguments& arguments);
int bench(const Arguments& arguments);
int data(const Arguments& arguments);

}  // namespace unet::cli
