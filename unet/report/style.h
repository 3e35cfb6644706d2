#pragma once

#include <string_view>

namespace unet {

/// The style sheet of the page: colours of light and dark, narrow screens, paper, and the switches
/// of the images, which work without a script.
extern const std::string_view report_style;

}  // namespace unet
