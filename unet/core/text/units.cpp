#include "unet/core/text/units.h"

namespace unet {

std::string unit_symbol(std::string_view text) {
    for (const char* micron : {"um", "micron", "microns", "micrometer", "micrometre", "\\u00B5m",
                               "\\u00b5m", "\xC2\xB5m", "\xCE\xBCm", "\xB5m"})
        if (text == micron) return "um";
    if (text == "pixel" || text == "pixels" || text == "none" || text == " ") return {};
    return std::string(text);
}

}  // namespace unet
