#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "unet/core/error.h"

namespace unet {

/// The message of the Error that `function` throws, which is of that code where one is given; empty
/// if it throws none.
template <class Function>
std::string message_of(Function function, std::optional<ErrorCode> code = {}) {
    try {
        function();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code.value_or(error.code())) << error.what();
        return error.what();
    }
    return {};
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace unet
