#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "unet/kernels/backend.h"
#include "unet/kernels/kernel_table.h"

namespace unet::bench {

enum class Kind { convolution, up_convolution, max_pool, batch_norm };
enum class Pass { forward, backward_data, backward_weights };

/// One pass of one operator on one size. Convolutions are valid, as in the paper.
struct Case {
    Kind kind = Kind::convolution;
    std::vector<std::int64_t> in;  ///< channels of the concatenated inputs
    std::int64_t out = 0;
    Size3 size{};  ///< of a convolution's output, else of the input
    Size3 kernel{1, 3, 3};
    Pass pass = Pass::forward;
};

/// "convolution 64+64 -> 64, 390x390" and "backward_data".
std::string name_of(const Case& c);
std::string name_of(Pass pass);

/// Multiplications and additions that the definition needs: what faster algorithms avoid counts as
/// done ("effective"). 0 where memory is what matters.
double operations_of(const Case& c, std::int64_t batch);
/// Bytes of every tensor that has to be read or written, once (twice where statistics of all of it
/// are needed first).
double bytes_of(const Case& c, std::int64_t batch);

/// The big layers of the paper's network (figure 1: 572 x 572) in all their passes: 17 convolutions
/// 3x3, 4 up-convolutions, 4 poolings, and batch norms of the same sizes.
std::vector<Case> paper_cases();

/// A buffer of so many floats.
inline kernels::Buffer floats(std::int64_t count) {
    return kernels::Buffer(static_cast<std::size_t>(count) * sizeof(float));
}

/// A tensor in the CPU layout with a frame of zeros.
class Tensor {
public:
    Tensor() = default;
    Tensor(std::int64_t batch, std::int64_t channels, const Size3& size,
           const Size3& frame = {0, 0, 0});
    /// Numbers from -0.5 to 0.5 that look random.
    void fill(std::uint32_t salt);
    const kernels::View& view() const { return view_; }
    std::span<const float> memory() const { return buffer_.as<float>(); }

private:
    kernels::Buffer buffer_;
    kernels::View view_;
};

/// A case with its memory, ready to run.
class Workload {
public:
    Workload(const Case& c, std::int64_t batch);
    void run(const kernels::KernelTable& table, Context& context);
    /// All that a run writes, in order.
    std::vector<std::span<const float>> results() const;

private:
    void make_convolution();
    void make_up_convolution();
    void make_weights(std::int64_t in_blocks);
    void make_pointwise();
    std::int64_t workspace_floats(const kernels::KernelTable& table) const;
    void run_convolution(const kernels::KernelTable& table, Context& context);
    void run_up_convolution(const kernels::KernelTable& table, Context& context);
    void run_pointwise(const kernels::KernelTable& table, Context& context);

    Case case_;
    std::int64_t batch_;
    std::vector<Tensor> inputs_, grad_inputs_;
    Tensor output_, grad_output_;
    kernels::Buffer weight_, bias_, grad_weight_, grad_bias_, statistics_, workspace_;
};

}  // namespace unet::bench
