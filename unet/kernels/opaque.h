#pragma once

#include "unet/kernels/kernel_table.h"

namespace unet::kernels {

/// Arguments of a KernelTable's function as kernels for tensors of T know them.
template <class T>
struct Typed {
    static BasicView<T> of(const AnyView& view) { return view_of<T>(view); }
    static BasicView<const T> of(const ConstAnyView& view) { return view_of<const T>(view); }
    static BasicConcat<const T> of(const AnyConcat& concat) {
        return {{of(concat.parts[0]), of(concat.parts[1])}, concat.count};
    }
    static BasicGradientTarget<T> of(const AnyGradientTarget& target) {
        return {of(target.gradient), of(target.activation), target.scale, target.accumulate};
    }
    static BasicGradientTargets<T> of(const AnyGradientTargets& targets) {
        return {{of(targets.parts[0]), of(targets.parts[1])}, targets.count};
    }
    static BasicLossInput<T> of(const BasicLossInput<std::byte>& input) {
        return {of(input.logits), input.targets, input.weights, input.dice_weight};
    }
    static BasicConvolutionCall<T> of(const AnyConvolutionCall& call) {
        BasicConvolutionCall<T> result{.geometry = call.geometry,
                                       .weight = of(call.weight),
                                       .bias = call.bias,
                                       .relu = call.relu,
                                       .pool = call.pool,
                                       .pooled = of(call.pooled)};
        std::visit([&](const auto& source) { result.source = of(source); }, call.source);
        std::visit([&](const auto& target) { result.target = of(target); }, call.target);
        return result;
    }
    static const T* of(const void* weights) { return static_cast<const T*>(weights); }
    template <class Argument>
    static Argument& of(Argument& other) {
        return other;
    }

private:
    template <class Value, class Byte>
    static BasicView<Value> view_of(const BasicView<Byte>& v) {
        constexpr std::int64_t size = sizeof(T);
        return {reinterpret_cast<Value*>(v.data),
                v.batch,
                v.channels,
                v.size,
                v.batch_stride / size,
                v.block_stride / size,
                v.plane_stride / size,
                v.row_stride / size};
    }
};

/// A kernel for tensors of T as a function of the table.
template <class T, auto Kernel>
struct Opaque {
    template <class Result, class... Arguments>
    using Pointer = Result (*)(Arguments...);

    template <class Result, class... Arguments>
    constexpr operator Pointer<Result, Arguments...>() const {
        return [](Arguments... arguments) -> Result { return Kernel(Typed<T>::of(arguments)...); };
    }
};

}  // namespace unet::kernels
