// The network against PyTorch: tests/golden/make_golden.py wrote the numbers in float64.

#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <map>

#include "tests/nn/golden_case.h"
#include "unet/core/files/file.h"
#include "unet/kernels/dispatch.h"
#include "unet/nn/executor.h"

namespace unet::nn {
namespace {

// Relative L2 errors that float32 may have against float64. PyTorch's own float32 reaches 7e-7
// forward and 2e-6 in the gradients (make_golden.py --float32); the rest is left to Winograd.
constexpr double forward_tolerance = 1e-5;
constexpr double gradient_tolerance = 1e-4;
constexpr double loss_tolerance = 1e-4;
// After ten steps a float32 network has left the float64 one by the rounding of stored weights
// (update_error), and by the ten gradients' errors.
constexpr double trained_tolerance = 1e-3;
// ronneberger2015 has ten million activations, and Winograd's forward error of about 1e-6 carries a
// few of them past the kink of a ReLU. Each takes its whole gradient along: among the million
// values of a layer one is 1 / sqrt(half a million) = 1.4e-3 of the gradient's norm. PyTorch shows
// the same in float64: noise of 1e-6 (5e-6) on every convolution's output moves its gradients by
// 9e-4 (1.7e-2), those of ronneberger2015_calm, where no activation is near a kink, by 1.5e-6
// (7e-6). So Winograd proves its gradients on the calm case and the small networks; here it has:
constexpr double kink_gradient_tolerance = 5e-3;
constexpr double kink_trained_tolerance = 2e-2;

// A projection on random signs of an error e has mean 0 and standard deviation ||e||, so the root
// mean square of the 16 differences estimates ||e||; 16 times its square over ||e||^2 is
// chi-squared with 16 degrees of freedom, which exceeds 16 * 1.7^2 once in ten thousand draws. An
// error of k times the tolerance passes unseen where chi-squared is below 16 * (1.7 / k)^2: with
// probability 0.005 for k = 3, 1e-4 for k = 4.
constexpr double estimate_slack = 1.7;

/// Root mean square of the differences between the projections: about the L2 norm of the error.
double estimated_error(const Json& expected, const std::string& name,
                       std::span<const float> found) {
    const golden::Summary summary = golden::summary(name, found);
    double squares = 0.0;
    for (std::size_t k = 0; k < golden::projection_count; ++k) {
        const double difference =
            summary.projections[k] - expected.at("projections")[k].get<double>();
        squares += difference * difference;
    }
    return std::sqrt(squares / golden::projection_count);
}

void expect_near(const Json& expected, const std::string& name, std::span<const float> found,
                 double relative, double absolute = 0.0) {
    const double norm = expected.at("norm");
    const double error = estimated_error(expected, name, found);
    // A NaN fails too: every comparison with it is false.
    EXPECT_LE(error, estimate_slack * (relative * norm + absolute))
        << name << ": relative L2 error about " << error / norm;
}

void expect_loss(const Json& expected, const StepLoss& found, double dice_weight) {
    EXPECT_NEAR(found.total, expected[0].get<double>(), loss_tolerance);
    EXPECT_NEAR(found.cross_entropy, expected[1].get<double>(), loss_tolerance);
    if (dice_weight > 0.0) {
        EXPECT_NEAR(found.dice, expected[2].get<double>(), loss_tolerance);
    }
}

std::vector<float> logits_of(Context& context, const GoldenCase& golden,
                             const kernels::Backend& backend, const Parameters& parameters) {
    const Plan plan = make_plan(golden.network, golden.input, Mode::inference, backend);
    Executor executor(golden.network, plan, backend);
    std::vector<float> logits(static_cast<std::size_t>(plan.output.elements()));
    executor.forward(context, parameters, golden.images, logits);
    return logits;
}

Executor trainer_of(const GoldenCase& golden, const kernels::Backend& backend) {
    return {golden.network, make_plan(golden.network, golden.input, Mode::training, backend),
            backend};
}

bool is_paper(const std::string& name) { return name.starts_with("ronneberger2015"); }

bool meets_kinks(const std::string& name, const kernels::Backend& backend) {
    const std::string_view table = backend.kernels->name;
    return name == "ronneberger2015" && !table.ends_with("-direct") && table != "reference";
}

/// Threads gain nothing in the small networks and make them wait for each other on a busy machine.
Context context_for(const std::string& name) { return Context(is_paper(name) ? 0 : 1); }

/// The table that UNET_KERNELS names; without it small networks run on every table of this machine,
/// the paper's network on the fastest.
std::vector<const kernels::Backend*> backends_for(const std::string& name) {
    const char* chosen = std::getenv("UNET_KERNELS");
    if (is_paper(name) || (chosen && *chosen)) return {&kernels::cpu_backend()};
    std::vector<const kernels::Backend*> backends;
    for (const kernels::KernelTable* table : kernels::available())
        backends.push_back(&kernels::cpu_backend(table->name));
    return backends;
}

/// Why one step of the network, or ten, would take minutes here; empty if they take seconds.
std::string too_slow(const std::string& name, [[maybe_unused]] bool ten_steps) {
    if (!is_paper(name)) return {};
    if (std::string_view(kernels::cpu_backend().kernels->name) == "reference")
        return "31 million weights through plain loops take minutes: small networks only";
#if !defined(__OPTIMIZE__)
    return "31 million weights through unoptimised kernels take minutes: small networks only";
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
    if (ten_steps) return "checked builds take one step of the paper's network, not ten";
#endif
    return {};
}

class GoldenTest : public testing::TestWithParam<const char*> {};
class GoldenTrainingTest : public GoldenTest {};

TEST_P(GoldenTest, BothLanguagesDrewTheSameNumbers) {
    const GoldenCase golden(GetParam());
    std::uint64_t sum = 0;
    const auto add = [&sum](const std::vector<float>& values) {
        for (const float value : values) sum += std::bit_cast<std::uint32_t>(value);
    };
    add(golden.images);
    for (const NamedTensor& tensor : golden.start) add(tensor.values);
    EXPECT_EQ(std::to_string(sum), golden.json.at("bits").get<std::string>());
}

TEST_P(GoldenTest, NamesAndShapesAreThoseOfPyTorch) {
    const GoldenCase golden(GetParam());
    std::map<std::string, std::vector<std::int64_t>> found, expected;
    for (const ParameterInfo& info : golden.network.parameters) found[info.name] = info.shape;
    for (const auto& [name, shape] : golden.json.at("shapes").items())
        expected[name] = shape.get<std::vector<std::int64_t>>();
    EXPECT_EQ(found, expected);
    EXPECT_EQ(golden.network.parameter_count(), golden.json.at("parameters").get<std::int64_t>());
}

TEST_P(GoldenTest, Forward) {
    if (const std::string reason = too_slow(GetParam(), false); !reason.empty())
        GTEST_SKIP() << reason;
    const GoldenCase golden(GetParam());
    for (const kernels::Backend* backend : backends_for(GetParam())) {
        SCOPED_TRACE(backend->kernels->name);
        Context context = context_for(GetParam());
        Parameters parameters(golden.network, *backend);
        parameters.load(golden.start);
        const std::vector<float> logits = logits_of(context, golden, *backend, parameters);
        expect_near(golden.json.at("logits"), "logits", logits, forward_tolerance);
    }
}

TEST_P(GoldenTest, LossAndEveryGradient) {
    if (const std::string reason = too_slow(GetParam(), false); !reason.empty())
        GTEST_SKIP() << reason;
    const GoldenCase golden(GetParam());
    for (const kernels::Backend* backend : backends_for(GetParam())) {
        SCOPED_TRACE(backend->kernels->name);
        Context context = context_for(GetParam());
        Parameters parameters(golden.network, *backend), gradients(golden.network, *backend);
        parameters.load(golden.start);
        Executor executor = trainer_of(golden, *backend);
        const StepLoss loss = executor.step(context, parameters, golden.batch(), gradients);
        expect_loss(golden.json.at("losses")[0], loss, golden.json.at("dice_weight"));
        const double tolerance =
            meets_kinks(GetParam(), *backend) ? kink_gradient_tolerance : gradient_tolerance;
        std::size_t compared = 0;
        for (const NamedTensor& tensor : gradients.store()) {
            if (!golden.json.at("gradients").contains(tensor.name)) continue;
            ++compared;
            expect_near(golden.json.at("gradients").at(tensor.name), tensor.name, tensor.values,
                        tolerance);
        }
        EXPECT_EQ(compared, golden.json.at("gradients").size());
    }
}

/// SGD with momentum as PyTorch defines it: v = momentum * v + gradient, w = w - rate * v.
void descend(std::span<float> values, std::span<const float> gradient, std::vector<float>& velocity,
             float rate, float momentum) {
    velocity.resize(values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
        velocity[k] = momentum * velocity[k] + gradient[k];
        values[k] -= rate * velocity[k];
    }
}

/// The change of every parameter, running statistics included.
void expect_updates(const GoldenCase& golden, const Parameters& parameters, std::size_t steps,
                    double tolerance) {
    const std::vector<NamedTensor> tensors = parameters.store();
    for (std::size_t index = 0; index < tensors.size(); ++index) {
        std::vector<float> update = tensors[index].values;
        double squares = 0.0;
        for (std::size_t k = 0; k < update.size(); ++k) {
            squares += static_cast<double>(update[k]) * update[k];
            update[k] -= golden.start[index].values[k];
        }
        // Every step rounds every weight to float32, by at most 2^-24 of its size.
        const double update_error = static_cast<double>(steps) * 0x1p-24 * std::sqrt(squares);
        const std::string& name = tensors[index].name;
        expect_near(golden.json.at("updates").at(name), name, update, tolerance, update_error);
    }
}

TEST_P(GoldenTrainingTest, TenStepsOfMomentum) {
    if (const std::string reason = too_slow(GetParam(), true); !reason.empty())
        GTEST_SKIP() << reason;
    const GoldenCase golden(GetParam());
    const Json& losses = golden.json.at("losses");
    for (const kernels::Backend* backend : backends_for(GetParam())) {
        SCOPED_TRACE(backend->kernels->name);
        Context context = context_for(GetParam());
        Parameters parameters(golden.network, *backend), gradients(golden.network, *backend);
        parameters.load(golden.start);
        Executor executor = trainer_of(golden, *backend);
        std::vector<float> velocity;
        for (std::size_t step = 0; step < losses.size(); ++step) {
            SCOPED_TRACE(step);
            const StepLoss loss = executor.step(context, parameters, golden.batch(), gradients);
            expect_loss(losses[step], loss, golden.json.at("dice_weight"));
            descend(parameters.trained(), gradients.trained(), velocity, golden.json.at("rate"),
                    golden.json.at("momentum"));
        }
        const double tolerance =
            meets_kinks(GetParam(), *backend) ? kink_trained_tolerance : trained_tolerance;
        expect_updates(golden, parameters, losses.size(), tolerance);
        const std::vector<float> logits = logits_of(context, golden, *backend, parameters);
        expect_near(golden.json.at("after"), "logits", logits, tolerance);
    }
}

std::string name_of(const testing::TestParamInfo<const char*>& test) { return test.param; }

INSTANTIATE_TEST_SUITE_P(Network, GoldenTest,
                         testing::Values("ronneberger2015", "ronneberger2015_calm", "same_norm",
                                         "valid_odd", "same_norm_dice", "same_wide",
                                         "single_level"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Network, GoldenTrainingTest,
                         testing::Values("ronneberger2015", "same_norm", "valid_odd",
                                         "same_norm_dice", "same_wide", "single_level"),
                         name_of);

double relative_error(std::span<const float> found, std::span<const float> expected) {
    double error = 0.0, norm = 0.0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
        error += std::pow(static_cast<double>(found[k]) - expected[k], 2);
        norm += std::pow(static_cast<double>(expected[k]), 2);
    }
    return std::sqrt(error / norm);
}

/// Logits and gradients of valid_odd in full, in the order of its JSON file.
std::map<std::string, std::vector<float>> full_tensors(const GoldenCase& golden) {
    const std::vector<std::byte> bytes = read_file(UNET_SOURCE_DIR "/tests/golden/valid_odd.f32");
    std::map<std::string, std::vector<float>> tensors;
    std::size_t place = 0;
    const auto take = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        std::size_t count = 1;
        for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
        std::vector<float>& values = tensors[name];
        values.resize(count);
        ASSERT_LE(place + 4 * count, bytes.size());
        std::memcpy(values.data(), bytes.data() + place, 4 * count);
        place += 4 * count;
    };
    take("logits", golden.json.at("logits_shape"));
    for (const auto& [name, shape] : golden.json.at("shapes").items()) take(name, shape);
    EXPECT_EQ(place, bytes.size());
    return tensors;
}

// The projections above estimate an error; here it is computed, on channels that fill no block.
TEST(GoldenFullTest, ValidOdd) {
    const GoldenCase golden("valid_odd");
    const auto expected = full_tensors(golden);
    for (const kernels::Backend* backend : backends_for("valid_odd")) {
        SCOPED_TRACE(backend->kernels->name);
        Context context = context_for("valid_odd");
        Parameters parameters(golden.network, *backend), gradients(golden.network, *backend);
        parameters.load(golden.start);
        EXPECT_LE(
            relative_error(logits_of(context, golden, *backend, parameters), expected.at("logits")),
            forward_tolerance);
        trainer_of(golden, *backend).step(context, parameters, golden.batch(), gradients);
        for (const NamedTensor& tensor : gradients.store())
            EXPECT_LE(relative_error(tensor.values, expected.at(tensor.name)), gradient_tolerance)
                << tensor.name;
    }
}

}  // namespace
}  // namespace unet::nn
