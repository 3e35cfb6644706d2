#pragma once

#include <initializer_list>
#include <ostream>
#include <vector>

#include "tests/kernels/blocked.h"
#include "unet/kernels/convolution.h"

namespace unet::kernels {

/// What a convolution is asked to do. `size` is the output's.
struct ConvolutionCase {
    std::vector<std::int64_t> in;  ///< channels of the concatenated inputs
    std::int64_t out = 1;
    Size3 size{};
    Size3 kernel{1, 3, 3};
    bool same = false;  ///< zeros stand around the input, else it is larger than the output
    std::int64_t batch = 1;

    ConvolutionGeometry geometry() const {
        return {kernel, same ? Size3{kernel.depth / 2, kernel.height / 2, kernel.width / 2}
                             : Size3{0, 0, 0}};
    }
    Size3 input_size() const {
        if (same) return size;
        return {size.depth + kernel.depth - 1, size.height + kernel.height - 1,
                size.width + kernel.width - 1};
    }
    ConvolutionShape shape() const {
        return {.geometry = geometry(), .in = {in[0], in.size() > 1 ? in[1] : 0}, .out = out};
    }
};

inline std::ostream& operator<<(std::ostream& out, const ConvolutionCase& c) {
    for (const auto channels : c.in) out << channels << ' ';
    return out << "-> " << c.out << " channels, output " << to_string(c.size) << ", kernel "
               << to_string(c.kernel) << (c.same ? " same" : " valid") << ", batch " << c.batch;
}

/// Everything that the three functions of a case read, and a place for what they write.
template <class T>
struct ConvolutionTensors {
    ConvolutionGeometry geometry;
    std::vector<FramedTensor<T>> inputs;  ///< framed by the padding, each with strides of its own
    AlignedVector<T> weight;
    AlignedVector<Plain<T>> bias;
    FramedTensor<T> output;                          ///< unknown values
    FramedTensor<T> grad_output;                     ///< no frame
    FramedTensor<T> wide_grad_output;                ///< the same values, framed for backward_data
    std::vector<FramedTensor<T>> activations;        ///< of the inputs, in memory of their own
    std::vector<FramedTensor<T>> grad_inputs;        ///< known values, to overwrite or to add to
    AlignedVector<Plain<T>> grad_weight, grad_bias;  ///< unknown values

    ConvolutionTensors(const ConvolutionCase& c, bool whole, std::uint32_t sample = 1)
        : geometry(c.geometry()),
          output(c.batch, c.out, c.size),
          grad_output(c.batch, c.out, c.size),
          wide_grad_output(c.batch, c.out, c.size,
                           {c.kernel.depth - 1 - geometry.padding.depth,
                            c.kernel.height - 1 - geometry.padding.height,
                            c.kernel.width - 1 - geometry.padding.width}) {
        Draw draw(sample);
        const auto value = [&] { return draw.value(whole); };
        for (const auto channels : c.in) {
            // The second part is cropped out of a larger image: other strides.
            const auto more = static_cast<std::int64_t>(3 * inputs.size());
            const Size3 size = c.input_size();
            const auto tensor = [&](const Size3& frame, std::int64_t wider) {
                return FramedTensor<T>(c.batch, channels, size, frame, {1, 1 + more, 2 + wider});
            };
            inputs.push_back(tensor(geometry.padding, more).fill(value));
            activations.push_back(tensor({0, 0, 0}, more + 1).fill([&] { return draw.whole(1); }));
            grad_inputs.push_back(tensor({1, 1, 1}, more + 2).fill(value));
        }
        weight = convolution_weights<T>(c.in, c.out, c.kernel.elements(), value);
        bias = channel_values<T>(c.out, value);
        grad_output.fill(value);
        const auto& source = std::as_const(grad_output).view();
        reference::for_pixels(c.batch, c.size, [&](auto n, auto z, auto y, auto x) {
            for (std::int64_t o = 0; o < c.out; ++o)
                wide_grad_output.view().at(n, o, z, y, x) = source.at(n, o, z, y, x);
        });
        const auto nan = [] { return double(float_nan); };
        const auto unknown = convolution_weights<T>(c.in, c.out, c.kernel.elements(), nan);
        grad_weight.assign(unknown.begin(), unknown.end());
        grad_bias = channel_values<T>(c.out, nan);
    }

    BasicConcat<const T> input() const {
        BasicConcat<const T> concat;
        concat.count = static_cast<int>(inputs.size());
        for (std::size_t p = 0; p < inputs.size(); ++p) concat.parts[p] = inputs[p].view();
        return concat;
    }
    BasicConvolutionCall<T> call(bool relu = false) {
        return {.geometry = geometry,
                .source = input(),
                .weight = weight.data(),
                .bias = bias.data(),
                .relu = relu,
                .target = output.view()};
    }
    /// Targets of backward_data; `skip` is the number of one that is empty, or -1.
    BasicGradientTargets<T> targets(bool masked, bool accumulate, int skip = -1) {
        BasicGradientTargets<T> result;
        result.count = static_cast<int>(inputs.size());
        for (std::size_t p = 0; p < inputs.size(); ++p) {
            BasicGradientTarget<T> target;
            target.gradient = grad_inputs[p].view();
            if (masked) {
                target.activation = std::as_const(activations[p]).view();
                target.scale = Plain<T>(2);
            }
            target.accumulate = accumulate;
            if (static_cast<int>(p) == skip) target.gradient.data = nullptr;
            result.parts[p] = target;
        }
        return result;
    }
};

/// Channels, sizes and kernels where a blocked, tiled and chunked kernel can go wrong.
std::vector<ConvolutionCase> inline convolution_cases() {
    std::vector<ConvolutionCase> cases;
    const auto both = [&](ConvolutionCase c) {
        for (const bool same : {false, true}) {
            c.same = same;
            cases.push_back(c);
        }
    };
    // Tiles of 6 or 14 pixels: every way a row can be cut, and widths above one sum of gradients.
    for (std::int64_t width = 1; width <= 35; ++width)
        both({.in = {5}, .out = 17, .size = {1, 3, width}});
    for (const std::int64_t width : {63, 64, 65, 130})
        both({.in = {3}, .out = 5, .size = {1, 3, width}});
    for (const std::int64_t height : {1, 2, 5, 13, 35})
        both({.in = {16}, .out = 3, .size = {1, height, 5}, .batch = 2});
    // Blocks that are full, broken or nearly empty.
    for (const std::int64_t in : {1, 3, 5, 16, 17, 24, 40})
        for (const std::int64_t out : {1, 3, 5, 16, 17, 24, 40}) {
            both({.in = {in}, .out = out, .size = {1, 3, 7}});
            both({.in = {in}, .out = out, .size = {1, 2, 9}, .kernel = {1, 1, 1}});
        }
    for (const auto& in : std::initializer_list<std::vector<std::int64_t>>{
             {3, 5}, {16, 16}, {17, 24}, {40, 1}, {24, 40}, {1, 80}})
        for (const std::int64_t out : {3, 40}) both({.in = in, .out = out, .size = {1, 5, 11}});
    // Volumes.
    for (const std::int64_t depth : {1, 2, 3}) {
        both({.in = {3}, .out = 17, .size = {depth, 4, 5}, .kernel = {3, 3, 3}, .batch = 2});
        both({.in = {17, 3}, .out = 5, .size = {depth, 3, 3}, .kernel = {1, 3, 3}});
    }
    // More channels than one chunk of a sum (128) and than one group of gradients (64).
    both({.in = {160}, .out = 17, .size = {1, 3, 16}});
    both({.in = {80, 190}, .out = 33, .size = {1, 2, 3}, .batch = 2});
    both({.in = {17}, .out = 160, .size = {1, 3, 15}});
    both({.in = {40}, .out = 290, .size = {1, 2, 4}});
    // Many blocks on one side, few on the other.
    both({.in = {560}, .out = 16, .size = {1, 4, 9}});
    both({.in = {16}, .out = 560, .size = {1, 4, 9}});
    // A row of 4x4 tiles that fills one item of work where a larger image would take two.
    cases.push_back({.in = {64}, .out = 272, .size = {1, 1, 448}, .same = true});
    // So many weights that their gradients are summed in one piece.
    cases.push_back({.in = {360}, .out = 352, .size = {1, 2, 2}});
    // More than one band of rows; many bands, whose items take all panels of output channels.
    cases.push_back({.in = {3}, .out = 5, .size = {1, 470, 14}});
    cases.push_back({.in = {1}, .out = 40, .size = {1, 64, 1400}, .kernel = {1, 1, 1}});
    cases.push_back({.in = {5}, .out = 40, .size = {1, 2, 3}, .same = true, .batch = 16});
    return cases;
}

}  // namespace unet::kernels
