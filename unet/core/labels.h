#pragma once

#include <cstdint>

namespace unet {

/// What the training labels held.
enum class LabelKind {
    instances,  ///< object ids; the network separates objects from background by two classes
    classes,    ///< class indices 0 .. K
    binary,     ///< two values, background and foreground
};

/// "instances", "classes" or "binary".
constexpr const char* to_string(LabelKind kind) noexcept {
    return kind == LabelKind::instances ? "instances"
           : kind == LabelKind::classes ? "classes"
                                        : "binary";
}

}  // namespace unet
