#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/image/file_source.h"

namespace unet {

/// A file of probabilities as numbers from 0 to 1, whichever way it holds them: one channel, the
/// foreground, or two, of which it is the second; of a model with a boundary three, background,
/// interior and boundary. Stored values count, not how they are shown.
class Foreground final : public RegionSource {
public:
    /// `boundary`: three channels are background, interior and boundary; others are taken all the
    /// same, and a note says so. `full` is the stored value that is a probability of 1; 0: 1 of
    /// floats, of integers of up to 16 bits the largest that these hold. Throws as FileSource, and
    /// Error(shape_mismatch) for other channels.
    Foreground(const std::filesystem::path& path, const ReadOptions& options, double full,
               bool boundary = false);

    Size3 size() const override { return file_.size(); }
    std::int64_t channels() const override { return file_.channels(); }
    SampleType type() const override { return file_.type(); }
    bool rgb() const override { return false; }
    Spacing spacing() const override { return file_.spacing(); }
    /// Whether its channels are background, interior and boundary.
    bool boundary() const noexcept { return boundary_; }
    std::int64_t times() const { return file_.times(); }
    std::int64_t window_bytes(std::int64_t rows) const override { return file_.window_bytes(rows); }

    /// NaN, as stands outside of what was predicted, is 0. Throws Error(unsupported) for a value
    /// that is no probability, with the least and the largest value of the file.
    void read(const Region& region, std::span<float> values) override;

    /// What is worth telling about the file and the values read so far.
    std::vector<std::string> notes();

private:
    [[noreturn]] void refuse();

    std::filesystem::path path_;
    FileSource file_;
    bool boundary_, wanted_;
    bool told_;  ///< what is a probability of 1
    double full_;
    double high_ = 0.0;               ///< the largest probability so far
    std::int64_t without_value_ = 0;  ///< pixels of NaN
};

}  // namespace unet
