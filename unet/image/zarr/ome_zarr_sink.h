#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/files/atomic_folder.h"
#include "unet/image/pyramid_sink.h"

namespace unet {

/// An OME-Zarr 0.4 (ngff.openmicroscopy.org; Zarr version 2): a folder with the image and its
/// smaller copies, each half as large, in chunks of `shape.chunk` pixels packed by blosc; those
/// that hold only zeros are left out, as Zarr allows. Labels stand in `labels/NAME`, and the image
/// at the top is the same arrays. A chunk goes to disk as it becomes complete.
class OmeZarrSink final : public PyramidSink {
public:
    /// Throws Error(io).
    OmeZarrSink(const std::filesystem::path& path, const FileShape& shape, int threads);

    void finish() override;

private:
    void store(const Chunk& chunk) override;
    void describe_arrays() const;
    void describe_groups() const;
    std::vector<std::int64_t> lengths(const Size3& level) const;

    std::string axes_;    ///< letters: "czyx"
    std::string arrays_;  ///< path of the levels inside the folder: "" or "labels/NAME/"
    AtomicFolder folder_;
};

/// True for a folder that OmeZarrSink wrote, with nothing in it that others put there.
bool is_zarr_of_unet(const std::filesystem::path& path);

}  // namespace unet
