#pragma once

#include <filesystem>
#include <new>

#include "unet/core/error.h"

namespace unet {

/// Calls `function`; what the system refuses while a file is read becomes an Error that names it:
/// memory for bad_alloc, io for a file that vanished.
template <class Function>
auto with_file_errors(const std::filesystem::path& path, Function function) {
    try {
        return function();
    } catch (const std::bad_alloc&) {
        fail_setting("pages", ErrorCode::memory,
                     "'{}' does not fit into memory; read it in parts (`pages`) or crop it",
                     path.string());
    } catch (const std::filesystem::filesystem_error& error) {
        fail(ErrorCode::io, "cannot read '{}': {}", path.string(), error.code().message());
    }
}

}  // namespace unet
