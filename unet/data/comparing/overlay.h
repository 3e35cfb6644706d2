#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/image/contents/place.h"
#include "unet/image/read_options.h"

namespace unet {

/// Lays files over others that they are compared with: the one place where that is decided, for
/// every pair of files. Where both say where they lie in space (place_of), the second is turned so
/// that its pixels come to lie on those of the first: axes in another order, or walked backwards,
/// are no difference.
class Overlay {
public:
    explicit Overlay(ReadOptions reading) : reading_(std::move(reading)) {}

    /// How `file` is read so that its pixels lie on those of `reference`, which is read as it is.
    /// Throws Error(shape_mismatch) that prints both places and names `by_pixels` where no turn
    /// does that to within half a pixel: other sizes of pixels, oblique, elsewhere. A file that
    /// only has what programs write without meaning it (Place::by_default) is laid over pixel by
    /// pixel then; so is everything with ReadOptions::by_pixels. Sizes that differ are left to the
    /// reader.
    ReadOptions place(const std::filesystem::path& reference, const std::filesystem::path& file);

    /// What was turned and what had no place, a sentence for each kind.
    std::vector<std::string> notes() const;

private:
    /// Pairs of a kind, and the first of them.
    struct Kind {
        std::size_t count = 0;
        std::string first;
        void add(const std::string& pair);
    };

    ReadOptions reading_;
    std::size_t pairs_ = 0;
    Kind turned_, unplaced_, unsaid_;
};

/// The turn by which pixels that lie at `file` come to lie on those at `reference`; throws as
/// Overlay::place, in whose message both have these names.
Turn turn_onto(const Place& reference, const std::string& reference_name, const Place& file,
               const std::string& file_name);

/// "its columns backwards, slices and rows exchanged": what a turn does.
std::string to_string(const Turn& turn);

}  // namespace unet
