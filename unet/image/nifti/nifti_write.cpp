#include "unet/image/nifti/nifti_write.h"

#include <algorithm>

#include "unet/image/file_sink.h"
#include "unet/image/nifti/nifti_format.h"

namespace unet {

void write_labels_nifti(const std::filesystem::path& path, const LabelMap& labels,
                        const std::filesystem::path& source) {
    const std::uint32_t largest =
        labels.values.empty() ? 0 : *std::max_element(labels.values.begin(), labels.values.end());
    FileShape shape;
    shape.size = labels.size;
    shape.type = largest > 65535 ? SampleType::u32 : SampleType::u16;
    shape.labels = true;
    shape.name = "labels";
    shape.geometry_of = source;
    const auto sink = nifti_format.create(path, shape, 1);
    sink->write_labels({0, 0, 0, labels.size}, labels.values);
    sink->finish();
}

}  // namespace unet
