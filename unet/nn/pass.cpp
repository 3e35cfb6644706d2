#include "unet/nn/pass.h"

#include <algorithm>

namespace unet::nn {

using kernels::ConstView;
using kernels::View;

namespace {

/// The centre of `v` with the given size: the cropped skip (section 2 of the paper).
template <class V>
V crop(V v, const Size3& size, std::int64_t block) {
    v.data += (v.size.depth - size.depth) / 2 * v.plane_stride +
              (v.size.height - size.height) / 2 * v.row_stride +
              (v.size.width - size.width) / 2 * block;
    v.size = size;
    return v;
}

}  // namespace

View Pass::view(const Slot& slot, int tensor) const {
    const std::int64_t block = backend.channel_block;
    View v;
    v.batch = plan.input.batch;
    v.channels = network.tensors[tensor].channels;
    v.size = slot.size;
    v.row_stride = (slot.size.width + 2 * slot.frame.width) * block;
    v.plane_stride = (slot.size.height + 2 * slot.frame.height) * v.row_stride;
    v.block_stride = (slot.size.depth + 2 * slot.frame.depth) * v.plane_stride;
    v.batch_stride = v.blocks() * v.block_stride;
    v.data = arena + slot.offset + slot.frame.depth * v.plane_stride +
             slot.frame.height * v.row_stride + slot.frame.width * block;
    return v;
}

kernels::Concat Pass::inputs(const Layer& layer) const {
    kernels::Concat concat;
    concat.count = static_cast<int>(layer.inputs.size());
    const Size3 size = plan.activations[layer.inputs[0]].size;
    for (int k = 0; k < concat.count; ++k)
        concat.parts[k] = crop(ConstView(activation(layer.inputs[k])), size, backend.channel_block);
    return concat;
}

void Pass::clear_frame(const Slot& slot, int tensor) {
    if (slot.frame == Size3{0, 0, 0}) return;
    const View v = view(slot, tensor);
    const std::int64_t block = backend.channel_block;
    const auto [fd, fh, fw] = slot.frame;
    const auto [d, h, w] = slot.size;
    parallel_for(context, v.batch * v.blocks(),
                 [&, fd = fd, fh = fh, fw = fw, d = d, h = h, w = w](std::int64_t item, int) {
                     for (std::int64_t z = -fd; z < d + fd; ++z)
                         for (std::int64_t y = -fh; y < h + fh; ++y) {
                             float* row = v.row(item / v.blocks(), item % v.blocks(), z, y);
                             if (z < 0 || z >= d || y < 0 || y >= h) {
                                 std::fill(row - fw * block, row + (w + fw) * block, 0.0f);
                             } else {
                                 std::fill(row - fw * block, row, 0.0f);
                                 std::fill(row + w * block, row + (w + fw) * block, 0.0f);
                             }
                         }
                 });
}

kernels::GradientTarget TrainingPass::target(int tensor, const Size3& size) {
    const Tensor& info = network.tensors[tensor];
    const Slot& slot = plan.gradients[tensor];
    kernels::GradientTarget result;
    result.accumulate = gradient_started[tensor];
    if (!result.accumulate) {
        if (slot.size == size)
            clear_frame(slot, tensor);
        else
            std::fill_n(arena + slot.offset, slot.floats, 0.0f);
    }
    gradient_started[tensor] = true;
    result.gradient = crop(gradient(tensor), size, backend.channel_block);
    if (info.relu)
        result.activation = crop(ConstView(activation(tensor)), size, backend.channel_block);
    result.scale = static_cast<float>(info.gradient_scale);
    return result;
}

}  // namespace unet::nn
