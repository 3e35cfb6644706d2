#include "unet/nn/plan.h"

#include <algorithm>
#include <numeric>

namespace unet::nn {
namespace {

/// A piece of the arena and when it is in use: both ends inclusive.
struct Piece {
    std::int64_t floats = 0;
    std::int64_t first = 0, last = -1;  ///< last < first: never used
    std::int64_t offset = -1;

    void use(std::int64_t time) {
        first = last < first ? time : std::min(first, time);
        last = std::max(last, time);
    }
    bool used() const { return last >= first; }
    bool meets(const Piece& other) const { return first <= other.last && other.first <= last; }
};

/// Gives every piece an offset so that pieces in use at the same time do not overlap: largest
/// first, each at the lowest place that is free during its life. Returns the size of the arena.
std::int64_t place(std::vector<Piece>& pieces) {
    std::vector<std::size_t> order(pieces.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return pieces[a].floats > pieces[b].floats;
    });
    std::vector<const Piece*> placed;  // sorted by offset
    std::int64_t end = 0;
    for (const std::size_t index : order) {
        Piece& piece = pieces[index];
        if (!piece.used()) continue;
        piece.offset = 0;
        for (const Piece* other : placed)
            if (piece.meets(*other) && other->offset < piece.offset + piece.floats)
                piece.offset = std::max(piece.offset, other->offset + other->floats);
        placed.insert(
            std::upper_bound(placed.begin(), placed.end(), &piece,
                             [](const Piece* a, const Piece* b) { return a->offset < b->offset; }),
            &piece);
        end = std::max(end, piece.offset + piece.floats);
    }
    return end;
}

Size3 larger(const Size3& a, const Size3& b) {
    return {std::max(a.depth, b.depth), std::max(a.height, b.height), std::max(a.width, b.width)};
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
        const Size3 out = sizes_[static_cast<std::size_t>(network.logits())];
        plan_.partner.assign(network.layers.size(), -1);
        plan_.output = {input.batch, network.options.classes, out.depth, out.height, out.width};
    }

    Plan make() {
        find_roots();
        if (mode_ == Mode::inference) {
            shorten_ends();
            find_partners();
        }
        plan_.activations = slots(activation_root_, &Planner::activation_frame);
        plan_.gradients = mode_ == Mode::training ? slots(gradient_root_, &Planner::gradient_frame)
                                                  : std::vector<Slot>(network_.tensors.size());
        find_lifetimes();
        add_statistics();
        plan_.arena_floats = place(pieces_);
        for (std::size_t t = 0; t < network_.tensors.size(); ++t) {
            plan_.activations[t].offset = pieces_[activation_piece(t)].offset;
            if (mode_ == Mode::training)
                plan_.gradients[t].offset = pieces_[gradient_piece(t)].offset;
        }
        add_workspace();
        return std::move(plan_);
    }

private:
    std::size_t count() const { return network_.tensors.size(); }
    std::size_t activation_piece(std::size_t t) const { return activation_root_[t]; }
    std::size_t gradient_piece(std::size_t t) const { return count() + gradient_root_[t]; }
    std::size_t forward_end() const { return network_.layers.size(); }
    std::int64_t backward_time(std::size_t layer) const {
        return static_cast<std::int64_t>(2 * forward_end() - layer);
    }

    /// In the kernels' layout a grey picture is 16 times as large, and so are the logits of few
    /// classes. A prediction does without where the kernels know how; else it holds a band of rows.
    void shorten_ends() {
        const Layer &first = network_.layers.front(), &last = network_.layers.back();
        const auto logits = static_cast<std::size_t>(network_.logits());
        auto from_host = convolution_shape(network_, first);
        from_host.planar_source = true;
        plan_.first = backend_.kernels->convolution(from_host);
        auto to_host = convolution_shape(network_, last);
        to_host.planar_target = true;
        plan_.last = backend_.kernels->convolution(to_host);
        if (plan_.first)
            stored_[0] = {0, 0, 0};
        else
            keep_bands(0, first.rows_lost());
        if (plan_.last)
            stored_[logits] = {0, 0, 0};
        else
            keep_bands(logits, 0);
    }

    /// Small enough for a cache, and a multiple of the kernels' footprint, so that bands leave no
    /// seam.
    void keep_bands(std::size_t t, std::int64_t rows_lost) {
        constexpr std::int64_t band_floats = 1 << 20, least_rows = 8;
        Size3& size = stored_[t];
        const std::int64_t row = plan_.input.batch * size.depth * size.width *
                                 round_up(network_.tensors[t].channels, backend_.channel_block);
        const std::int64_t rows =
            round_up(std::max(least_rows, band_floats / row), backend_.kernels->footprint);
        size.height = std::min(size.height, rows + rows_lost);
    }

    /// Tensors that share memory: dropout always works in place; batch norm does in prediction, and
    /// its gradient does in training.
    void find_roots() {
        activation_root_.resize(count());
        std::iota(activation_root_.begin(), activation_root_.end(), std::size_t{0});
        gradient_root_ = activation_root_;
        for (const Layer& layer : network_.layers) {
            const auto in = static_cast<std::size_t>(layer.inputs[0]);
            const auto out = static_cast<std::size_t>(layer.output);
            const bool dropout = layer.kind == LayerKind::dropout;
            const bool norm = layer.kind == LayerKind::batch_norm;
            if (dropout || (norm && mode_ == Mode::inference))
                activation_root_[out] = activation_root_[in];
            if (dropout || norm) gradient_root_[out] = gradient_root_[in];
        }
    }

    /// A convolution and the max-pooling that follows it, where the kernels do both at once.
    void find_partners() {
        for (std::size_t l = 1; l < network_.layers.size(); ++l) {
            const Layer& layer = network_.layers[l];
            if (layer.kind != LayerKind::convolution || !layer.relu) continue;
            std::size_t p = l + 1;
            while (p < network_.layers.size() && network_.layers[p].kind == LayerKind::dropout) ++p;
            if (p == network_.layers.size() || network_.layers[p].kind != LayerKind::max_pool)
                continue;
            auto both = convolution_shape(network_, layer);
            both.pool = network_.layers[p].kernel;
            if (!backend_.kernels->convolution(both)) continue;
            plan_.partner[l] = static_cast<int>(p);
            plan_.partner[p] = static_cast<int>(l);
            crop_to_skip(static_cast<std::size_t>(layer.output));
        }
    }

    /// The tensors in a root's memory become as large as what convolutions read of them.
    void crop_to_skip(std::size_t root) {
        Size3 size{0, 0, 0};
        for (const Layer& layer : network_.layers)
            for (const int input : layer.inputs)
                if (layer.kind == LayerKind::convolution &&
                    activation_root_[static_cast<std::size_t>(input)] == root)
                    size = larger(size, sizes_[static_cast<std::size_t>(layer.inputs[0])]);
        for (std::size_t t = 0; t < count(); ++t)
            if (activation_root_[t] == root) stored_[t] = size;
    }

    void activation_frame(const Layer& layer, std::vector<Size3>& frames) const {
        if (layer.kind != LayerKind::convolution) return;
        for (const int input : layer.inputs) {
            Size3& frame = frames[activation_root_[static_cast<std::size_t>(input)]];
            frame = larger(frame, layer.padding);
        }
    }
    void gradient_frame(const Layer& layer, std::vector<Size3>& frames) const {
        if (layer.kind != LayerKind::convolution) return;
        Size3& frame = frames[gradient_root_[static_cast<std::size_t>(layer.output)]];
        frame = larger(frame, {layer.kernel.depth - 1 - layer.padding.depth,
                               layer.kernel.height - 1 - layer.padding.height,
                               layer.kernel.width - 1 - layer.padding.width});
    }

    std::vector<Slot> slots(const std::vector<std::size_t>& roots,
                            void (Planner::*add_frame)(const Layer&, std::vector<Size3>&) const) {
        std::vector<Size3> frames(count(), Size3{0, 0, 0});
        for (const Layer& layer : network_.layers) (this->*add_frame)(layer, frames);
        std::vector<Slot> result(count());
        const std::size_t base = pieces_.size();
        pieces_.resize(base + count());
        for (std::size_t t = 0; t < count(); ++t) {
            Slot& slot = result[t];
            slot.size = stored_[t];
            slot.frame = frames[roots[t]];
            const std::int64_t blocks =
                (network_.tensors[t].channels + backend_.channel_block - 1) /
                backend_.channel_block;
            slot.floats = plan_.input.batch * blocks * backend_.channel_block *
                          (slot.size.depth + 2 * slot.frame.depth) *
                          (slot.size.height + 2 * slot.frame.height) *
                          (slot.size.width + 2 * slot.frame.width);
            pieces_[base + t].floats = round_up(slot.floats, 16);
        }
        return result;
    }

    void find_lifetimes() {
        const bool training = mode_ == Mode::training;
        const auto end = static_cast<std::int64_t>(forward_end());
        pieces_[activation_piece(0)].use(0);
        pieces_[activation_piece(static_cast<std::size_t>(network_.logits()))].use(end);
        for (std::size_t l = 0; l < network_.layers.size(); ++l) {
            const Layer& layer = network_.layers[l];
            const auto out = static_cast<std::size_t>(layer.output);
            pieces_[activation_piece(out)].use(static_cast<std::int64_t>(l));
            if (plan_.partner[l] >= 0) pieces_[activation_piece(out)].use(plan_.partner[l]);
            if (training) {
                pieces_[gradient_piece(out)].use(backward_time(l));
                if (layer.kind == LayerKind::max_pool)  // backward compares input and output
                    pieces_[activation_piece(out)].use(backward_time(l));
            }
            for (const int input : layer.inputs) {
                const auto in = static_cast<std::size_t>(input);
                pieces_[activation_piece(in)].use(static_cast<std::int64_t>(l));
                if (!training) continue;
                pieces_[activation_piece(in)].use(backward_time(l));
                if (in != 0) pieces_[gradient_piece(in)].use(backward_time(l));
            }
        }
        if (training) pieces_[gradient_piece(static_cast<std::size_t>(network_.logits()))].use(end);
    }

    void add_statistics() {
        plan_.statistics.assign(network_.layers.size(), -1);
        if (mode_ != Mode::training) return;
        std::int64_t offset = 0;  // within one piece that lives throughout
        for (std::size_t l = 0; l < network_.layers.size(); ++l) {
            if (network_.layers[l].kind != LayerKind::batch_norm) continue;
            plan_.statistics[l] = offset;
            offset +=
                2 *
                round_up(
                    network_.tensors[static_cast<std::size_t>(network_.layers[l].output)].channels,
                    backend_.channel_block);
        }
        statistics_floats_ = offset;
    }

    void add_workspace() {
        for (std::int64_t& offset : plan_.statistics)
            if (offset >= 0) offset += plan_.arena_floats;
        plan_.arena_floats += statistics_floats_;
        plan_.workspace_offset = plan_.arena_floats;
        for (const Layer& layer : network_.layers)
            plan_.workspace_floats = std::max(plan_.workspace_floats, workspace_of(layer));
        if (mode_ == Mode::training)
            plan_.workspace_floats =
                std::max(plan_.workspace_floats,
                         backend_.kernels->softmax_loss_workspace(
                             network_.options.classes, plan_.input.batch, plan_.output.size()));
        plan_.workspace_floats = round_up(plan_.workspace_floats, 16);
        plan_.arena_floats += plan_.workspace_floats;
    }

    std::int64_t workspace_of(const Layer& layer) const {
        const std::int64_t block = backend_.channel_block, batch = plan_.input.batch;
        const auto blocks = [&](int tensor) {
            return (network_.tensors[static_cast<std::size_t>(tensor)].channels + block - 1) /
                   block;
        };
        std::int64_t in_blocks = 0;
        for (const int input : layer.inputs) in_blocks += blocks(input);
        const auto size = [&](int tensor) { return sizes_[static_cast<std::size_t>(tensor)]; };
        switch (layer.kind) {
            case LayerKind::convolution:
                return backend_.kernels->convolution_workspace(convolution_shape(network_, layer),
                                                               batch, size(layer.output),
                                                               mode_ == Mode::training);
            case LayerKind::up_convolution:
                if (mode_ == Mode::inference) return 0;
                return backend_.kernels->up_convolution_workspace(
                    layer.kernel, in_blocks, blocks(layer.output), batch, size(layer.inputs[0]));
            case LayerKind::batch_norm:
                return backend_.kernels->batch_norm_workspace(in_blocks, batch, size(layer.output));
            case LayerKind::max_pool:
            case LayerKind::dropout:
                break;
        }
        return 0;
    }

    const Network& network_;
    Mode mode_;
    const kernels::Backend& backend_;
    std::vector<Size3> sizes_, stored_;  ///< per tensor: whole, and what of it is in memory
    std::vector<std::size_t> activation_root_, gradient_root_;
    std::vector<Piece> pieces_;  ///< activations, then gradients, by root tensor
    std::int64_t statistics_floats_ = 0;
    Plan plan_;
};

}  // namespace

kernels::ConvolutionShape convolution_shape(const Network& network, const Layer& layer) {
    kernels::ConvolutionShape shape{.geometry = {layer.kernel, layer.padding}};
    for (std::size_t k = 0; k < layer.inputs.size(); ++k)
        shape.in[k] = network.tensors[layer.inputs[k]].channels;
    shape.out = network.tensors[layer.output].channels;
    return shape;
}

Plan make_plan(const Network& network, const Shape& input, Mode mode,
               const kernels::Backend& backend) {
    return Planner(network, input, mode, backend).make();
}

}  // namespace unet::nn
