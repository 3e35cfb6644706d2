#pragma once

// Tensors in the CPU layout as a kernel may meet them: inside a frame of zeros, inside other memory
// that it must neither read (it holds NaN, which would spread into the result) nor write.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "unet/core/random.h"
#include "unet/kernels/dispatch.h"
#include "unet/kernels/reference/convolution.h"
#include "unet/kernels/reference/up_convolution.h"
#include "unet/kernels/view.h"

namespace unet::kernels {

/// Half the distance from 1 to the next float32: the relative error of one rounding.
inline constexpr double unit_roundoff = 0x1p-24;
inline constexpr float float_nan = std::numeric_limits<float>::quiet_NaN();

/// Relative error of a float32 sum of n products, in any order, against the sum of the products'
/// absolute values (Higham 2002, section 3.1).
inline double gamma_of(double n) { return n * unit_roundoff / (1.0 - n * unit_roundoff); }

template <class T>
struct Aligned64 {
    using value_type = T;
    Aligned64() = default;
    template <class U>
    Aligned64(const Aligned64<U>&) {}
    T* allocate(std::size_t n) {
        return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64)));
    }
    void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t(64)); }
    bool operator==(const Aligned64&) const { return true; }
};
template <class T>
using AlignedVector = std::vector<T, Aligned64<T>>;

/// Draws for tests. Whole numbers are for exact tests: while all sums of products stay below 2^24
/// no float32 operation rounds, so every table must give the bits of the reference in any order.
class Draw {
public:
    explicit Draw(std::uint32_t sample) : random_(1234, Purpose::test, 0, sample) {}
    double whole(int range = 4) { return double(random_.below(2 * range + 1) - range); }
    double real() { return double(random_.uniform(-1.0f, 1.0f)); }
    double value(bool is_whole) { return is_whole ? whole() : real(); }
    std::int64_t below(std::int64_t count) { return random_.below(count); }

private:
    Random random_;
};

/// A tensor inside a frame of zeros inside a fence of NaN (`fence` planes, rows and pixels on each
/// side of every channel block, so two tensors of one size can have other strides).
template <class T>
class FramedTensor {
public:
    FramedTensor(std::int64_t batch, std::int64_t channels, const Size3& size,
                 const Size3& frame = {0, 0, 0}, const Size3& fence = {1, 1, 2})
        : batch_(batch), channels_(channels), size_(size), frame_(frame), fence_(fence) {
        values_.resize(static_cast<std::size_t>(batch_ * view().batch_stride));
        for_all([](Place place, T& value) {
            value =
                place == Place::frame || place == Place::padding ? T(0) : static_cast<T>(float_nan);
        });
    }

    BasicView<T> view() { return view_of(values_.data()); }
    BasicView<const T> view() const { return view_of(values_.data()); }

    /// Sets every value of the image to draw().
    template <class Function>
    FramedTensor& fill(Function draw) {
        const auto v = view();
        reference::for_pixels(batch_, size_, [&](auto n, auto z, auto y, auto x) {
            for (std::int64_t c = 0; c < channels_; ++c)
                v.at(n, c, z, y, x) = static_cast<T>(draw());
        });
        return *this;
    }
    /// NaN into the channels that do not exist: a kernel has to write their zeros.
    FramedTensor& forget_padding() {
        for_all([](Place place, T& value) {
            if (place == Place::padding) value = static_cast<T>(float_nan);
        });
        return *this;
    }

    /// Nothing outside of the image has changed; channels that do not exist are zero.
    testing::AssertionResult intact() {
        std::string fault;
        for_all([&](Place place, T& value) {
            if (place == Place::fence && !std::isnan(double(value)))
                fault = "a kernel wrote far outside";
            if (place == Place::frame && value != T(0)) fault = "a kernel wrote into the frame";
            if (place == Place::padding && value != T(0))
                fault = "a channel that does not exist is not zero";
        });
        if (fault.empty()) return testing::AssertionSuccess();
        return testing::AssertionFailure() << fault;
    }
    /// The bits of all memory.
    bool operator==(const FramedTensor& other) const {
        return values_.size() == other.values_.size() &&
               std::memcmp(values_.data(), other.values_.data(), values_.size() * sizeof(T)) == 0;
    }

private:
    enum class Place { fence, frame, image, padding };

    template <class Pointer>
    auto view_of(Pointer* data) const {
        const Size3 around{frame_.depth + fence_.depth, frame_.height + fence_.height,
                           frame_.width + fence_.width};
        BasicView<Pointer> v{data, batch_, channels_, size_};
        v.row_stride = (size_.width + 2 * around.width) * v.block_size;
        v.plane_stride = (size_.height + 2 * around.height) * v.row_stride;
        v.block_stride = (size_.depth + 2 * around.depth) * v.plane_stride;
        v.batch_stride = v.blocks() * v.block_stride;
        if (data)
            v.data += around.depth * v.plane_stride + around.height * v.row_stride +
                      around.width * v.block_size;
        return v;
    }

    /// How far `at` lies outside of [0, size).
    static std::int64_t outside(std::int64_t at, std::int64_t size) {
        return at < 0 ? -at : at >= size ? at - size + 1 : 0;
    }

    template <class Visit>
    void for_all(Visit visit) {
        const auto v = view();
        const Size3 around{frame_.depth + fence_.depth, frame_.height + fence_.height,
                           frame_.width + fence_.width};
        for (std::int64_t item = 0; item < batch_ * v.blocks(); ++item)
            for (std::int64_t z = -around.depth; z < size_.depth + around.depth; ++z)
                for (std::int64_t y = -around.height; y < size_.height + around.height; ++y)
                    for (std::int64_t x = -around.width; x < size_.width + around.width; ++x) {
                        const std::int64_t block = item % v.blocks();
                        T* pixel = v.row(item / v.blocks(), block, z, y) + x * v.block_size;
                        const auto oz = outside(z, size_.depth), oy = outside(y, size_.height),
                                   ox = outside(x, size_.width);
                        Place place = Place::fence;
                        if (oz <= frame_.depth && oy <= frame_.height && ox <= frame_.width)
                            place = oz + oy + ox > 0 ? Place::frame : Place::image;
                        for (std::int64_t c = 0; c < v.block_size; ++c)
                            visit(place == Place::image && block * v.block_size + c >= channels_
                                      ? Place::padding
                                      : place,
                                  pixel[c]);
                    }
    }

    std::int64_t batch_, channels_;
    Size3 size_, frame_, fence_;
    AlignedVector<T> values_;
};

/// Every value of the image is within bound(n, c, z, y, x) of the expected one.
template <class T, class Bound>
testing::AssertionResult within(const BasicView<const T>& actual,
                                const BasicView<const T>& expected, Bound bound) {
    std::string fault;
    reference::for_pixels(expected.batch, expected.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < expected.channels && fault.empty(); ++c) {
            const double a = actual.at(n, c, z, y, x), e = expected.at(n, c, z, y, x);
            const double allowed = bound(n, c, z, y, x);
            if (!(std::abs(a - e) <= allowed))
                fault = fmt::format("sample {}, channel {}, pixel {} {} {}: {}, expected {} +- {}",
                                    n, c, z, y, x, a, e, allowed);
        }
    });
    if (fault.empty()) return testing::AssertionSuccess();
    return testing::AssertionFailure() << fault;
}

/// Equal numbers (0 and -0 count as equal), or numbers within a tolerance.
template <class T>
testing::AssertionResult equal(const FramedTensor<T>& actual, const FramedTensor<T>& expected,
                               double tolerance = 0.0) {
    return within<T>(actual.view(), expected.view(), [=](auto...) { return tolerance; });
}
template <class T>
testing::AssertionResult equal(const AlignedVector<T>& actual, const AlignedVector<T>& expected,
                               double tolerance = 0.0) {
    for (std::size_t k = 0; k < expected.size(); ++k)
        if (!(std::abs(actual[k] - expected[k]) <= tolerance))
            return testing::AssertionFailure() << fmt::format("value {}: {}, expected {} +- {}", k,
                                                              actual[k], expected[k], tolerance);
    return testing::AssertionSuccess();
}

/// Weights of a convolution over concatenated parts, [out/16][in/16][taps][16][16]: draw() where
/// both channels exist, zero elsewhere.
template <class T, class Function>
AlignedVector<T> convolution_weights(const std::vector<std::int64_t>& in, std::int64_t out,
                                     std::int64_t taps, Function draw) {
    constexpr std::int64_t block = channel_block_of<T>;
    std::int64_t in_blocks = 0;
    for (const auto channels : in) in_blocks += blocks_of(channels, block);
    AlignedVector<T> weights(
        static_cast<std::size_t>(round_up(out, block) * in_blocks * taps * block));
    for (std::int64_t o = 0; o < out; ++o)
        for (std::int64_t tap = 0; tap < taps; ++tap) {
            std::int64_t first = 0;
            for (const auto channels : in) {
                for (std::int64_t i = first; i < first + channels; ++i)
                    weights[static_cast<std::size_t>(reference::weight_index<T>(
                        o, i, tap, in_blocks, taps))] = static_cast<T>(draw());
                first += round_up(channels, block);
            }
        }
    return weights;
}

/// The same for an up-convolution, [taps][out/16][in/16][16][16].
template <class T, class Function>
AlignedVector<T> up_convolution_weights(std::int64_t in, std::int64_t out, std::int64_t taps,
                                        Function draw) {
    constexpr std::int64_t block = channel_block_of<T>;
    const auto in_blocks = blocks_of(in, block), out_blocks = blocks_of(out, block);
    AlignedVector<T> weights(
        static_cast<std::size_t>(taps * out_blocks * in_blocks * block * block));
    for (std::int64_t tap = 0; tap < taps; ++tap)
        for (std::int64_t o = 0; o < out; ++o)
            for (std::int64_t i = 0; i < in; ++i)
                weights[static_cast<std::size_t>(reference::up_weight_index<T>(
                    tap, o, i, out_blocks, in_blocks))] = static_cast<T>(draw());
    return weights;
}

/// One value per channel, zero where a channel does not exist.
template <class T, class Function>
AlignedVector<Plain<T>> channel_values(std::int64_t channels, Function draw) {
    AlignedVector<Plain<T>> values(
        static_cast<std::size_t>(round_up(channels, channel_block_of<T>)));
    for (std::int64_t c = 0; c < channels; ++c)
        values[static_cast<std::size_t>(c)] = static_cast<Plain<T>>(draw());
    return values;
}

/// A context whose workspace is as large as a kernel asked for, full of NaN, with a fence of NaN of
/// half that length behind. Its memory is reused: only one may live at a time.
class Workplace {
public:
    Workplace(int threads, std::int64_t floats)
        : context_(threads),
          floats_(static_cast<std::size_t>(floats)),
          end_(floats_ + floats_ / 2 + 64) {
        if (memory().size() < end_) memory().resize(end_);
        std::fill_n(memory().begin(), end_, float_nan);
        context_.set_workspace({memory().data(), floats_});
    }
    operator Context&() { return context_; }
    bool intact() const {
        return std::all_of(memory().begin() + std::ptrdiff_t(floats_),
                           memory().begin() + std::ptrdiff_t(end_),
                           [](float value) { return std::isnan(value); });
    }

private:
    static AlignedVector<float>& memory() {
        static AlignedVector<float> floats;
        return floats;
    }
    Context context_;
    std::size_t floats_, end_;
};

/// One run of a test suite per kernel table of this machine.
class TableTest : public testing::TestWithParam<const KernelTable*> {
protected:
    const KernelTable& table() const { return *GetParam(); }
    /// The reference leaves channels that do not exist alone (it never reads them); the others
    /// read them and so have to write their zeros.
    bool writes_padding() const { return std::string(table().name) != "reference"; }
};
inline std::string table_name(const testing::TestParamInfo<const KernelTable*>& info) {
    std::string name = info.param->name;
    for (char& c : name)
        if (c == '-') c = '_';
    return name;
}

}  // namespace unet::kernels

#define UNET_FOR_EVERY_TABLE(Suite) \
    INSTANTIATE_TEST_SUITE_P(Tables, Suite, testing::ValuesIn(available()), table_name)
