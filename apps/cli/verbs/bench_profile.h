#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "unet/unet.h"

namespace unet::cli {

/// One layer, or what no layer did.
struct ProfileRow {
    std::string layer, output, kernel;                  ///< kernel: of convolutions only
    double forward = 0.0, backward = 0.0, share = 0.0;  ///< seconds, seconds, part of a run
    double gflops = 0.0;  ///< as if every convolution were direct; 0 where nothing is multiplied
};

/// Time of each layer over several runs of one executor: `unet bench network --profile`.
class Profile {
public:
    Profile(const nn::Executor& executor, const kernels::Backend& backend);

    /// Takes the layer times of the executor's last call, which was part of `seconds` of work.
    void add(double seconds);
    /// Of the fastest run, whose rows add up to it; the last row is what no layer did. Needs one
    /// run.
    std::vector<ProfileRow> rows() const;

private:
    double operations(std::size_t layer, bool backward) const;

    const nn::Executor& executor_;
    const kernels::Backend& backend_;
    std::vector<Size3> sizes_;                      ///< per tensor
    std::vector<std::vector<nn::LayerTime>> runs_;  ///< per run, per layer
    std::vector<double> seconds_;                   ///< per run
};

void print_table(const std::vector<ProfileRow>& rows);
nlohmann::ordered_json to_json(const std::vector<ProfileRow>& rows);

}  // namespace unet::cli
