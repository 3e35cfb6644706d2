#include "unet/train/run/forecast.h"

#include "unet/report/choose_images.h"
#include "unet/report/shown_image.h"
#include "unet/train/run/preview.h"

namespace unet {
namespace {

// Validation images, in pixels; by steps.
constexpr std::int64_t pixels_between_steps = std::int64_t{1} << 22;
constexpr std::int64_t fewest_images = 4;  // fewer say nothing about which model is better
// Parts of a budget.
constexpr double share_of_one_validation = 0.01;
constexpr double share_of_the_end = 0.05;

// Checking the data takes about so many times as long as reading them did. A run that goes on does
// it for its report, unless that is more than this share of the budget.
constexpr double readings_per_check = 2.0;
constexpr double share_of_check = 0.03;

// Of a report, measured: intervals of an image's scores (objects at ten thresholds), a drawn pixel.
constexpr double seconds_of_intervals = 1e-3;
constexpr double seconds_of_drawing = 2e-7;

// Trying all thresholds on an image takes about as long as this many scorings, on one thread.
constexpr double scorings_per_decision = 11.0;

}  // namespace

void Forecast::validated(const Validation& seen) {
    predict_rate_ = seen.predict_seconds / static_cast<double>(seen.pixels);
    score_rate_ = seen.score_seconds / static_cast<double>(seen.pixels);
}

bool Forecast::is_long(double seconds) const {
    return seconds > share_of_one_validation * extent_.seconds;
}

std::int64_t Forecast::images_between_steps(const Validator& validator) const {
    const double affordable = share_of_one_validation * extent_.seconds;
    const auto pixels = extent_.by_time()
                            ? static_cast<std::int64_t>(affordable / (predict_rate_ + score_rate_))
                            : pixels_between_steps;
    return std::max(validator.images_within(pixels),
                    std::min(fewest_images, validator.images_within(pixels_at_the_end)));
}

std::int64_t Forecast::images_at_the_end(const Validator& validator, std::int64_t between) const {
    if (!extent_.by_time()) return validator.images_within(pixels_at_the_end);
    const double rate = predict_rate_ + score_rate_ * (2.0 + scorings_per_decision / threads_);
    const auto affordable = static_cast<std::int64_t>(share_of_the_end * extent_.seconds / rate);
    return std::max(between, validator.images_within(std::min(affordable, pixels_at_the_end)));
}

double Forecast::intervals_seconds(std::int64_t images) {
    return seconds_of_intervals * static_cast<double>(images);
}

double Forecast::check_seconds() const { return readings_per_check * reading_seconds_; }

double Forecast::report_seconds(const Validator& validator, std::int64_t images,
                                bool checked) const {
    const bool affordable = !checked && check_seconds() <= share_of_check * extent_.seconds;
    const double seconds = affordable ? check_seconds() : 0.0;
    if (validator.empty()) return seconds;
    const auto drawn = std::min<std::int64_t>(validator.pixels(images),
                                              2 * shown_of_each * shown_edge * shown_edge);
    return seconds + intervals_seconds(images) + seconds_of_drawing * static_cast<double>(drawn);
}

double Forecast::end_seconds(const Validator& validator, const End& end) const {
    double seconds = 2.0 * save_seconds_ + 0.05;
    if (!extent_.by_time()) return seconds;
    const std::int64_t images = validator.empty() ? 0 : images_at_the_end(validator, end.between);
    seconds += report_seconds(validator, images, end.checked);
    if (validator.empty()) return seconds;
    const double decide = scorings_per_decision * score_rate_ / threads_;
    const double rate = predict_rate_ + score_rate_;
    const auto between = static_cast<double>(validator.pixels(end.between));
    const auto all = static_cast<double>(validator.pixels(images));
    const auto drawn = static_cast<double>(previews * preview_edge * preview_edge);
    const double looks = end.normalisations ? 2.0 : 1.0;
    return seconds + looks * rate * between + (rate + decide + score_rate_) * all +
           predict_rate_ * std::min(drawn, all);
}

}  // namespace unet
