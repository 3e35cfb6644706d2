#include "unet/nn/plan.h"

#include <algorithm>
#include <numeric>

#include "unet/nn/arena.h"
#include "unet/nn/layers/layer_type.h"

namespace unet::nn {
namespace {

constexpr std::int64_t line = 64;  // bytes of a cache line: everything in the arena begins at one

void widen(Size3& size, const Size3& to) {
    size = {std::max(size.depth, to.depth), std::max(size.height, to.height),
            std::max(size.width, to.width)};
}

class Planner {
public:
    Planner(const Network& network, const Shape& input, Mode mode, const kernels::Backend& backend)
        : network_(network),
          mode_(mode),
          backend_(backend),
          sizes_(tensor_sizes(network, input.size())),
          stored_(sizes_) {
        plan_.mode = mode;
        plan_.input = input;
        const Size3 out = sizes_[network.logits()];
        plan_.partner.assign(network.layers.size(), -1);
        plan_.output = {input.batch, network.options.classes, out.depth, out.height, out.width};
        for (const Layer& layer : network.layers)
            memory_.push_back(layer.type->memory(site(layer)));
    }

    Plan make() {
        find_roots();
        if (mode_ == Mode::inference) {
            stored_[network_.input()] = memory_.front().stored_input;
            stored_[network_.logits()] = memory_.back().stored_output;
            find_partners();
        }
        plan_.activations = slots(activation_root_, activation_frame_);
        plan_.gradients = mode_ == Mode::training ? slots(gradient_root_, gradient_frame_)
                                                  : std::vector<Slot>(count());
        find_lifetimes();
        plan_.arena_bytes = place(pieces_);
        for (std::size_t t = 0; t < count(); ++t) {
            plan_.activations[t].offset = pieces_[activation_piece(t)].offset;
            if (mode_ == Mode::training)
                plan_.gradients[t].offset = pieces_[gradient_piece(t)].offset;
        }
        add_kept();
        add_workspace();
        return std::move(plan_);
    }

private:
    std::size_t count() const { return network_.tensors.size(); }
    std::size_t activation_piece(std::size_t t) const { return activation_root_[t]; }
    std::size_t gradient_piece(std::size_t t) const { return count() + gradient_root_[t]; }
    std::int64_t forward_end() const { return std::ssize(network_.layers); }
    std::int64_t backward_time(std::int64_t layer) const { return 2 * forward_end() - layer; }
    Site site(const Layer& layer) const {
        return {network_, layer, sizes_, plan_.input.batch, mode_, backend_};
    }

    /// Tensors that share memory, those of layers that work in place, and the zeros around them.
    void find_roots() {
        activation_root_.resize(count());
        std::iota(activation_root_.begin(), activation_root_.end(), std::size_t{0});
        gradient_root_ = activation_root_;
        activation_frame_.assign(count(), Size3{0, 0, 0});
        gradient_frame_ = activation_frame_;
        for (std::size_t l = 0; l < memory_.size(); ++l) {
            const Layer& layer = network_.layers[l];
            const LayerMemory& memory = memory_[l];
            const int in = layer.inputs[0], out = layer.output;
            if (memory.in_place) activation_root_[out] = activation_root_[in];
            if (memory.gradient_in_place) gradient_root_[out] = gradient_root_[in];
            for (const int input : layer.inputs)
                widen(activation_frame_[activation_root_[input]], memory.input_frame);
            widen(gradient_frame_[gradient_root_[out]], memory.gradient_frame);
        }
    }

    /// A layer and the one that follows it, where the kernels do both at once.
    void find_partners() {
        for (std::size_t l = 1; l < memory_.size(); ++l) {
            const Layer& layer = network_.layers[l];
            std::size_t next = l + 1;
            while (next < memory_.size() && memory_[next].idle) ++next;
            if (next == memory_.size()) return;
            const Layer& other = network_.layers[next];
            if (activation_root_[other.inputs[0]] != activation_root_[layer.output] ||
                !layer.type->absorbs(site(layer), other))
                continue;
            plan_.partner[l] = static_cast<int>(next);
            plan_.partner[next] = static_cast<int>(l);
            crop_to_readers(layer.output, next);
        }
    }

    /// The tensors in the memory of `tensor` become as large as what layers read of them; `partner`
    /// does not read it from there.
    void crop_to_readers(int tensor, std::size_t partner) {
        const std::size_t root = activation_root_[tensor];
        Size3 size{0, 0, 0};
        for (std::size_t l = 0; l < memory_.size(); ++l)
            for (const int input : network_.layers[l].inputs)
                if (l != partner && !memory_[l].in_place && activation_root_[input] == root)
                    widen(size, sizes_[network_.layers[l].inputs[0]]);
        for (std::size_t t = 0; t < count(); ++t)
            if (activation_root_[t] == root) stored_[t] = size;
    }

    std::vector<Slot> slots(const std::vector<std::size_t>& roots,
                            const std::vector<Size3>& frames) {
        std::vector<Slot> result(count());
        for (std::size_t t = 0; t < count(); ++t) {
            Slot& slot = result[t];
            slot.size = stored_[t];
            slot.frame = frames[roots[t]];
            slot.in_place = roots[t] != t;
            slot.bytes = plan_.input.batch * backend_.blocks(network_.tensors[t].channels) *
                         (slot.size.depth + 2 * slot.frame.depth) *
                         (slot.size.height + 2 * slot.frame.height) *
                         (slot.size.width + 2 * slot.frame.width) * backend_.pixel_bytes;
            pieces_.push_back({.size = round_up(slot.bytes, line)});
        }
        return result;
    }

    void find_lifetimes() {
        const bool training = mode_ == Mode::training;
        pieces_[activation_piece(network_.input())].use(0);
        pieces_[activation_piece(network_.logits())].use(forward_end());
        if (training) pieces_[gradient_piece(network_.logits())].use(forward_end());
        for (std::int64_t l = 0; l < forward_end(); ++l) {
            const Layer& layer = network_.layers[l];
            Piece& output = pieces_[activation_piece(layer.output)];
            output.use(l);
            if (plan_.partner[l] >= 0) output.use(plan_.partner[l]);
            if (training) pieces_[gradient_piece(layer.output)].use(backward_time(l));
            if (training && memory_[l].keeps_output) output.use(backward_time(l));
            for (const int in : layer.inputs) {
                pieces_[activation_piece(in)].use(l);
                if (!training) continue;
                pieces_[activation_piece(in)].use(backward_time(l));
                if (in != network_.input()) pieces_[gradient_piece(in)].use(backward_time(l));
            }
        }
    }

    /// What layers keep from forward to backward lives throughout, behind the tensors.
    void add_kept() {
        plan_.kept.assign(count(), -1);
        for (std::size_t l = 0; l < memory_.size(); ++l) {
            if (memory_[l].kept == 0) continue;
            plan_.kept[network_.layers[l].output] = plan_.arena_bytes;
            plan_.arena_bytes += round_up(memory_[l].kept, line);
        }
    }

    void add_workspace() {
        plan_.workspace_offset = plan_.arena_bytes;
        for (const LayerMemory& memory : memory_)
            plan_.workspace_floats = std::max(plan_.workspace_floats, memory.workspace);
        if (mode_ == Mode::training)
            plan_.workspace_floats =
                std::max(plan_.workspace_floats,
                         backend_.kernels->softmax_loss_workspace(
                             network_.options.classes, plan_.input.batch, plan_.output.size()));
        plan_.arena_bytes += round_up(plan_.workspace_floats * std::int64_t(sizeof(float)), line);
    }

    const Network& network_;
    Mode mode_;
    const kernels::Backend& backend_;
    std::vector<Size3> sizes_, stored_;  ///< per tensor: whole, and what of it is in memory
    std::vector<LayerMemory> memory_;    ///< per layer
    std::vector<std::size_t> activation_root_, gradient_root_;  ///< per tensor
    std::vector<Size3> activation_frame_, gradient_frame_;      ///< per root
    std::vector<Piece> pieces_;  ///< activations, then gradients, by root tensor
    Plan plan_;
};

}  // namespace

Plan make_plan(const Network& network, const Shape& input, Mode mode,
               const kernels::Backend& backend) {
    return Planner(network, input, mode, backend).make();
}

}  // namespace unet::nn
