#include "unet/image/nifti/nifti_format.h"

#include "unet/image/nifti/nifti_header.h"
#include "unet/image/nifti/nifti_header_write.h"
#include "unet/image/nifti/nifti_sink.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

constexpr std::string_view endings[] = {".nii", ".nii.gz"};

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int) {
    return std::make_unique<NiftiSink>(path, shape);
}

}  // namespace

const Format nifti_format{
    .name = "nifti",
    .title = "NIfTI",
    .endings = endings,
    .recognises = [](const Format::Path& path, std::string_view) { return is_nifti(path); },
    .open = [](const Format::Path& path, bool) { return open_nifti(path); },
    .ending = ".nii",
    .takes_place = true,
    .check = [](const Format::Path& path, const FileShape& shape) { nifti_start(path, shape); },
    .create = create,
    .is_ours = is_nifti_of_unet};

}  // namespace unet
