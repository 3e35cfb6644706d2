#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"
#include "unet/predict/mask.h"

namespace unet::predict {

/// An image as a network with `in_channels` inputs sees it: a grey image is repeated for an RGB
/// model, an RGB image averaged for a grey one. Values that are not finite are refused, but where a
/// mask says that nothing is wanted; those beyond the limits of limit() take them.
class NetworkSource final : public RegionSource {
public:
    /// Throws as check(). Where `mask` leaves pixels out, values that are not finite become those
    /// of fill(). `notice` hears of it and of a conversion; it may be empty. `source` must outlive
    /// this, and so must `mask`, `notice` and `colours`, memory for the averaging that serves one
    /// source after the other.
    NetworkSource(RegionSource& source, Mask& mask, std::int64_t in_channels, bool model_is_rgb,
                  const std::function<void(const std::string&)>& notice,
                  std::vector<float>& colours);

    /// Throws Error(shape_mismatch) for any other difference in channels.
    static void check(const RegionSource& source, std::int64_t in_channels, bool model_is_rgb);

    /// What stands for values that are not finite where nothing is wanted: NaN, until it is set to
    /// the stored values that become 0, which must outlive this.
    void fill_with(const Scaling& scaling) { fill_ = &scaling; }
    /// From now on values end where `scaling` limits them: before they are mixed with those of
    /// other pixels, and not only after. `scaling` must outlive this.
    void limit(const Scaling& scaling) { limits_ = &scaling; }

    Size3 size() const override { return source_.size(); }
    std::int64_t channels() const override { return in_channels_; }
    SampleType type() const override { return source_.type(); }
    bool rgb() const override { return in_channels_ == 3 && (repeats_ || source_.rgb()); }
    Spacing spacing() const override { return source_.spacing(); }
    /// Throws Error(unsupported) with the place of the first value that is not finite.
    void read(const Region& region, std::span<float> values) override;

    std::int64_t window_bytes(std::int64_t rows) const override {
        return source_.window_bytes(rows);
    }

private:
    bool fill_unwanted(const Region& region, std::span<float> values);
    void read_averaged(const Region& row, float* values);
    RegionSource& source_;
    Mask& mask_;
    const std::function<void(const std::string&)>& notice_;
    const Scaling* fill_ = nullptr;
    std::int64_t in_channels_;
    bool repeats_, averages_;
    const Scaling* limits_ = nullptr;
    std::vector<float>& colours_;
};

}  // namespace unet::predict
