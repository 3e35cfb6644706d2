// How a training run validates: on how many images, what the end will take, what is best.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "unet/report/choose_images.h"
#include "unet/report/shown_image.h"
#include "unet/train/preview.h"
#include "unet/train/training_run.h"

namespace unet {
namespace {

// Validation images, in pixels. By steps this and pixels_at_the_end are constants, so that a run
// can be repeated; by time they are parts of the budget.
constexpr std::int64_t pixels_between_steps = std::int64_t{1} << 22;
constexpr std::int64_t fewest_images = 4;  // fewer say nothing about which model is better
constexpr double share_of_one_validation = 0.01;
constexpr double share_of_the_end = 0.05;

// Checking the data takes about so many times as long as reading them did. A run that goes on does
// it for its report, unless that is more than this share of the budget.
constexpr double readings_per_check = 2.0;
constexpr double share_of_check = 0.03;

// Of a report, measured: intervals of an image's scores (objects at ten thresholds), a drawn pixel.
constexpr double seconds_of_intervals = 1e-3;
constexpr double seconds_of_drawing = 2e-7;

// By how much another normalisation must score better than the one that the network learned under:
// on a handful of images less is chance.
constexpr double normalisation_gain = 0.05;

// Trying all thresholds on an image takes about as long as this many scorings, on one thread.
constexpr double scorings_per_decision = 11.0;

}  // namespace

void TrainingRun::choose_validation() {
    if (validator_->empty()) return;
    if (options_.extent.by_time()) {
        // How long a pixel takes is measured on one image before the first step; a second time if
        // there is time, since the first prediction of a process also gets its memory.
        for (int turn = 0; turn < 2; ++turn) {
            const double start = now();
            measure(
                validator_->validate(current_model(), predict_options(), validator_->usual(), 1));
            if (now() - start > share_of_one_validation * options_.extent.seconds) break;
        }
    }
    // There may be fewer than the run had before: its data changed.
    state_.validation_images = std::min(state_.validation_images, validator_->images());
    if (state_.validation_images > 0) return;
    const double affordable = share_of_one_validation * options_.extent.seconds;
    const auto pixels = options_.extent.by_time()
                            ? static_cast<std::int64_t>(affordable / (predict_rate_ + score_rate_))
                            : pixels_between_steps;
    const std::int64_t fewest =
        std::min(fewest_images, validator_->images_within(pixels_at_the_end));
    state_.validation_images = std::max(validator_->images_within(pixels), fewest);
}

std::int64_t TrainingRun::most_kept_pixels() const {
    return validator_->pixels(
        std::max(state_.validation_images, validator_->images_within(pixels_at_the_end)));
}

void TrainingRun::measure(const Validation& seen) {
    predict_rate_ = seen.predict_seconds / static_cast<double>(seen.pixels);
    score_rate_ = seen.score_seconds / static_cast<double>(seen.pixels);
}

double TrainingRun::intervals_seconds(std::int64_t images) {
    return seconds_of_intervals * static_cast<double>(images);
}

double TrainingRun::check_seconds() const { return readings_per_check * reading_seconds_; }

double TrainingRun::report_seconds() const {
    const bool affordable = !check_ && check_seconds() <= share_of_check * options_.extent.seconds;
    double seconds = affordable ? check_seconds() : 0.0;
    if (validator_->empty()) return seconds;
    const std::int64_t images = images_at_the_end();
    const auto drawn = std::min<std::int64_t>(validator_->pixels(images),
                                              2 * shown_of_each * shown_edge * shown_edge);
    return seconds + intervals_seconds(images) + seconds_of_drawing * static_cast<double>(drawn);
}

double TrainingRun::end_seconds() const {
    double seconds = 2.0 * save_seconds_ + 0.05;
    if (!options_.extent.by_time()) return seconds;
    seconds += report_seconds();
    if (validator_->empty()) return seconds;
    const double decide = scorings_per_decision * score_rate_ / context_.threads();
    const double rate = predict_rate_ + score_rate_;
    const auto between = static_cast<double>(validator_->pixels(state_.validation_images));
    const auto all = static_cast<double>(validator_->pixels(images_at_the_end()));
    const auto drawn = static_cast<double>(previews * preview_edge * preview_edge);
    const double looks = data_.other ? 2.0 : 1.0;  // see choose_normalisation
    return seconds + looks * rate * between + (rate + decide + score_rate_) * all +
           predict_rate_ * std::min(drawn, all);
}

std::int64_t TrainingRun::images_at_the_end() const {
    if (!options_.extent.by_time()) return validator_->images_within(pixels_at_the_end);
    const double rate =
        predict_rate_ + score_rate_ * (2.0 + scorings_per_decision / context_.threads());
    const auto affordable =
        static_cast<std::int64_t>(share_of_the_end * options_.extent.seconds / rate);
    return std::max(state_.validation_images,
                    validator_->images_within(std::min(affordable, pixels_at_the_end)));
}

void TrainingRun::look() {
    const double start = now();
    const Model model = current_model();
    const Validation seen = validator_->validate(model, predict_options(), validator_->usual(),
                                                 state_.validation_images);
    measure(seen);
    const bool best = seen.score >= state_.best_score;  // of equals the one that learned longer
    state_.validated_step = state_.step;
    if (best) {
        state_.best_score = seen.score;
        state_.best_step = state_.step;
        auto copy = std::make_shared<Model>(model);
        copy->info.training = training_summary(&seen);
        writer_.submit([copy, path = folder_.model()] { write_model(path, *copy); });
    }
    log_.validation(state_.step, now(), seen, data_.info.labels, best);
    save();
    pace_->validation_took(now() - start, now());
    pace_->reserve(end_seconds());
}

void TrainingRun::choose_normalisation(Model& best) {
    if (!data_.other) return;
    const auto use = [&](const ModelInfo& info) {
        best.info.normalisation = info.normalisation;
        best.info.intensities = info.intensities;
    };
    use(*data_.other);
    const Validation seen = validator_->validate(best, predict_options(), validator_->usual(),
                                                 state_.validation_images);
    const bool better = seen.score > state_.best_score + normalisation_gain;
    if (!better) use(data_.info);
    log_.line(fmt::format("intensities: '{}' scores {:.4f}, '{}' {:.4f}: the model takes '{}'",
                          to_string(data_.info.normalisation), state_.best_score,
                          to_string(data_.other->normalisation), seen.score,
                          to_string(best.info.normalisation)));
}

}  // namespace unet
