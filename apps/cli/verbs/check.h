#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// What `unet train` would do with the data as they are.
struct Suggested {
    std::string stop;   ///< why it would not start; empty if it would
    std::string lines;  ///< for the reader
    nlohmann::ordered_json json;
};

/// Reads the data once more, as training does: what it says is what will happen.
Suggested suggest(Context& context, const CheckOptions& options);

/// Findings grouped by kind, a few of each, then what training would choose; on stdout.
void print_check(const CheckResult& result, const Suggested& suggested);
/// `fix`: where the mended copy is; empty: none.
void print_check_json(const CheckResult& result, const Suggested& suggested, const std::string& fix,
                      const std::vector<std::string>& done);
/// What mending did.
void print_mended(const std::string& fix, const std::vector<std::string>& done);

}  // namespace unet::cli
