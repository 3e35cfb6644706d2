#pragma once

#include <tiffio.h>

#include <filesystem>
#include <memory>
#include <string>

#include "unet/core/error.h"

namespace unet {

/// A TIFF opened for reading by libtiff, whose messages are kept per handle and never printed: the
/// process-wide handlers stay as they are, so threads do not disturb each other.
class TiffHandle {
public:
    /// Throws Error(corrupt_file) with libtiff's reason. `largest_allocation` bounds what libtiff
    /// takes for one table or strip.
    TiffHandle(const std::filesystem::path& path, std::int64_t largest_allocation);

    TIFF* get() const noexcept { return tiff_.get(); }

    /// Throws Error(corrupt_file) saying what failed and libtiff's reason.
    [[noreturn]] void refuse(const std::string& what) const;

    /// A tag's value, or the standard's default, or `otherwise`.
    template <class T>
    T tag(std::uint32_t name, T otherwise) const {
        T value{};
        return TIFFGetFieldDefaulted(get(), name, &value) == 1 ? value : otherwise;
    }

private:
    std::filesystem::path path_;
    std::unique_ptr<std::string> message_;  ///< on the heap: libtiff keeps its address
    std::unique_ptr<TIFF, void (*)(TIFF*)> tiff_;
};

}  // namespace unet
