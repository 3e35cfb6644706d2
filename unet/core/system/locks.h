#pragma once

#include <cstdint>
#include <system_error>

#include "unet/core/system/files.h"

namespace unet::system {

enum class Lock {
    shared,     ///< beside others that are shared
    exclusive,  ///< alone
};

/// Locks of bytes of a file, which need not be there, held by the open `file`: programs on all
/// machines that see it meet each other, and so do two open files of one program. The system
/// releases them when the file is closed or the program ends, however it does. No lock keeps
/// anybody from reading or writing (on Windows one does: lock bytes that nobody reads). A lock that
/// `file` has is replaced (Windows: unlock it before). With `wait` until it is free; without, false
/// where another has it. False with `error` where the file system has no locks.
bool lock(const File& file, std::int64_t byte, Lock kind, bool wait, std::error_code& error);
void unlock(const File& file, std::int64_t byte) noexcept;

}  // namespace unet::system
