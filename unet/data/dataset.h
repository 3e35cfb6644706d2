#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/fields.h"
#include "unet/data/label_meaning.h"
#include "unet/data/pairs.h"
#include "unet/data/sample.h"
#include "unet/image/read_options.h"

namespace unet {

/// Where annotated images are and how they are read.
struct DatasetOptions {
    std::filesystem::path images;  ///< a folder with images/ and labels/; or images (folder, stack)
    std::filesystem::path labels;  ///< their labels (folder, stack); empty for the first form
    LabelsChoice label_kind = LabelsChoice::detect;
    std::int64_t ignore = -1;    ///< stored label value that takes no part; -1: none
    ReadSettings stacks = {};    ///< which slices and channels of every file, and their axes
    bool grey = false;           ///< colour images become grey
    bool labelled_only = false;  ///< images without a label are left out
    /// The pixels stay where they are until they are needed (Sample::files). Not in the table: what
    /// a set holds does not depend on it.
    bool on_files = false;
};

/// The table of DatasetOptions for flags, TOML and JSON (paths are positional).
Fields fields_of(DatasetOptions& options);

/// A data set, in memory or, all of it, on files. All images have the same channels, but for grey
/// ones in an RGB set: they stand for three equal channels, which are never stored.
struct Dataset {
    std::string name;             ///< the folder or file that it was read from
    std::vector<Sample> samples;  ///< sorted by name
    LabelMeaning meaning;
    std::int64_t channels = 1;  ///< that a network sees: 3 if rgb
    bool rgb = false;
    bool mixed = false;  ///< the files were grey and RGB

    bool in_memory() const noexcept;
    /// Decoded pixels and labels in memory.
    std::int64_t bytes() const;
    /// Slices of all samples.
    std::int64_t slices() const;
    /// Another text for other names, pixels or labels; the same for the same, wherever they are.
    std::string fingerprint(Context& context) const;
};

/// Bytes of memory that reading a set and training on it takes for its pixels, at most, by what the
/// files say of themselves. Throws Error: see find_pairs, read_image_info.
std::int64_t training_bytes(const DatasetOptions& options);

/// Calls visit(index, threads) for every sample: for those in memory on all threads of `context`,
/// for those on files one after the other, each with all threads for its decoders.
void for_each_sample(Context& context, const Dataset& set,
                     const std::function<void(std::size_t, int)>& visit);

/// Finds, reads and checks everything, on all threads of `context`. A set of grey and RGB images
/// becomes all RGB (grey repeated), or with `grey` all grey, and says so through `notice`, as it
/// does of what remarks_on finds.
/// Throws Error: see find_pairs, read_image, read_labels, meaning_of; shape_mismatch where image
/// and labels differ in size or images in channels; unsupported for values that are not finite.
Dataset read_dataset(Context& context, const DatasetOptions& options, const Notice& notice = {});

}  // namespace unet
