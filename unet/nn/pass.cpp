#include "unet/nn/pass.h"

#include <cstring>

namespace unet::nn {

using kernels::AnyView;
using kernels::ConstAnyView;

namespace {

/// The centre of `v` with the given size: the cropped skip (section 2 of the paper).
template <class V>
V crop(V v, const Size3& size, std::int64_t pixel) {
    v.data += (v.size.depth - size.depth) / 2 * v.plane_stride +
              (v.size.height - size.height) / 2 * v.row_stride +
              (v.size.width - size.width) / 2 * pixel;
    v.size = size;
    return v;
}

/// The number 0 has no bits set, whatever the element type.
void clear(std::byte* first, std::int64_t count) {
    std::memset(first, 0, static_cast<std::size_t>(count));
}

}  // namespace

AnyView Pass::view(const Slot& slot, int tensor) const {
    AnyView v;
    v.batch = plan.input.batch;
    v.channels = network.tensors[tensor].channels;
    v.size = slot.size;
    v.row_stride = (slot.size.width + 2 * slot.frame.width) * backend.pixel_bytes;
    v.plane_stride = (slot.size.height + 2 * slot.frame.height) * v.row_stride;
    v.block_stride = (slot.size.depth + 2 * slot.frame.depth) * v.plane_stride;
    v.batch_stride = backend.blocks(v.channels) * v.block_stride;
    v.data = arena + slot.offset + slot.frame.depth * v.plane_stride +
             slot.frame.height * v.row_stride + slot.frame.width * backend.pixel_bytes;
    return v;
}

kernels::AnyConcat Pass::inputs(const Layer& layer) const {
    kernels::AnyConcat concat;
    concat.count = static_cast<int>(layer.inputs.size());
    const Size3 size = plan.activations[layer.inputs[0]].size;
    for (int k = 0; k < concat.count; ++k)
        concat.parts[k] =
            crop(ConstAnyView(activation(layer.inputs[k])), size, backend.pixel_bytes);
    return concat;
}

void Pass::clear_frame(const Slot& slot, int tensor) {
    if (slot.frame == Size3{0, 0, 0}) return;
    const AnyView v = view(slot, tensor);
    const std::int64_t blocks = backend.blocks(v.channels), pixel = backend.pixel_bytes;
    const auto [fd, fh, fw] = slot.frame;
    const auto [d, h, w] = slot.size;
    parallel_for(context, v.batch * blocks,
                 [&, fd = fd, fh = fh, fw = fw, d = d, h = h, w = w](std::int64_t item, int) {
                     for (std::int64_t z = -fd; z < d + fd; ++z)
                         for (std::int64_t y = -fh; y < h + fh; ++y) {
                             std::byte* row = v.row(item / blocks, item % blocks, z, y);
                             if (z < 0 || z >= d || y < 0 || y >= h) {
                                 clear(row - fw * pixel, (w + 2 * fw) * pixel);
                             } else {
                                 clear(row - fw * pixel, fw * pixel);
                                 clear(row + w * pixel, fw * pixel);
                             }
                         }
                 });
}

kernels::AnyGradientTarget TrainingPass::target(int tensor, const Size3& size) {
    const Tensor& info = network.tensors[tensor];
    const Slot& slot = plan.gradients[tensor];
    kernels::AnyGradientTarget result;
    result.accumulate = gradient_started[tensor];
    if (!result.accumulate) {
        if (slot.size == size)
            clear_frame(slot, tensor);
        else
            clear(arena + slot.offset, slot.bytes);
    }
    gradient_started[tensor] = true;
    result.gradient = crop(gradient(tensor), size, backend.pixel_bytes);
    if (info.relu)
        result.activation = crop(ConstAnyView(activation(tensor)), size, backend.pixel_bytes);
    result.scale = static_cast<float>(info.gradient_scale);
    return result;
}

}  // namespace unet::nn
