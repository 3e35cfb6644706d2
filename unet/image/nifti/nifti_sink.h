#pragma once

#include <memory>
#include <vector>

#include "unet/core/file.h"
#include "unet/image/file_sink.h"
#include "unet/image/nifti/nifti_header_write.h"

namespace unet {

/// A NIfTI file, `.nii`, or `.nii.gz` for gzip: channels are its fifth axis. Pixels go to their
/// place on disk at once; a packed file is packed by finish() from a file beside it.
class NiftiSink final : public FileSink {
public:
    /// Throws as nifti_start, and Error(io).
    NiftiSink(const std::filesystem::path& path, const FileShape& shape);

    void finish() override;

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;

    NiftiStart start_;
    bool packed_;
    AtomicFile file_;
    std::vector<std::byte> row_;
};

}  // namespace unet
