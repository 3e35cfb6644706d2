#pragma once

#include <string>
#include <string_view>

namespace unet {

/// Text that is nearly JSON as JSON, as parse_json() says; what is no JSON at all stays none.
std::string mended_json(std::string_view bytes, bool texts);

}  // namespace unet
