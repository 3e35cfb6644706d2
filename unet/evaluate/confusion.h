#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace unet {

/// Pixels of one class: in the truth, in the prediction, and in both (true positives).
struct ClassPixels {
    std::int64_t truth = 0, predicted = 0, both = 0;

    /// Intersection over union, both / (truth + predicted - both); nothing where the class occurs
    /// in neither.
    std::optional<double> iou() const;
    /// 2 both / (truth + predicted); nothing where the class occurs in neither.
    std::optional<double> dice() const;
};

/// Counts of pixels by class, of one image or summed over many.
class Confusion {
public:
    /// Largest class index: a map with more values holds objects, not classes.
    static constexpr std::uint32_t largest_class = 65535;

    /// Counts two class maps of equal length. Pixels whose true value is `ignore` do not count.
    /// Throws Error(shape_mismatch) if the lengths differ, Error(invalid_argument) for a class
    /// index above largest_class.
    void add(std::span<const std::uint32_t> predicted, std::span<const std::uint32_t> truth,
             std::optional<std::uint32_t> ignore = std::nullopt);
    Confusion& operator+=(const Confusion& other);

    /// By class index, up to the largest that occurs.
    const std::vector<ClassPixels>& classes() const noexcept { return classes_; }
    std::int64_t pixels() const noexcept { return pixels_; }

    /// Share of pixels with another class than the true one; nothing without pixels.
    std::optional<double> pixel_error() const;
    /// Mean over the classes other than 0 (background) that occur; nothing where none does. With
    /// two classes it is the foreground's value.
    std::optional<double> iou() const;
    std::optional<double> dice() const;

private:
    ClassPixels& of_class(std::uint32_t index);

    std::vector<ClassPixels> classes_;
    std::int64_t pixels_ = 0;
};

}  // namespace unet
