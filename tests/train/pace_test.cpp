#include "unet/train/pace.h"

#include <gtest/gtest.h>

#include <vector>

namespace unet {
namespace {

TEST(PaceBySteps, EverythingIsAFunctionOfTheStep) {
    Pace pace({.steps = 100}, 0.0, 30, 0.05);
    std::vector<int> validations;
    for (int step = 0; step <= 100; ++step) {
        const double now = step * step;  // whatever the clock says
        EXPECT_DOUBLE_EQ(pace.progress(step, now), step / 100.0);
        EXPECT_EQ(pace.done(step, now), step == 100);
        if (step > 0 && pace.validation_due(step, now)) validations.push_back(step);
        pace.step_took(step);
    }
    EXPECT_EQ(validations, (std::vector<int>{30, 60, 90}));
}

TEST(PaceBySteps, NoStepsAreDoneAtOnce) {
    const Pace pace({}, 0.0, 0, 0.05);
    EXPECT_TRUE(pace.done(0, 0.0));
    EXPECT_EQ(pace.progress(0, 0.0), 1.0);
}

TEST(PaceBySteps, ChoosesAnEighthButNotLessThanTwentyFiveSteps) {
    const Pace longer({.steps = 800}, 0.0, 0, 0.05), shorter({.steps = 60}, 0.0, 0, 0.05);
    EXPECT_TRUE(longer.validation_due(100, 0.0));
    EXPECT_FALSE(longer.validation_due(50, 0.0));
    EXPECT_TRUE(shorter.validation_due(25, 0.0));
    EXPECT_FALSE(shorter.validation_due(15, 0.0));
}

/// A made-up training on a made-up clock.
struct Course {
    double ended = 0.0, validating = 0.0;
    int steps = 0, validations = 0;
    double last_progress = 0.0;
};

Course train(double budget, double start, double step_seconds, double validation_seconds,
             double end_seconds) {
    Course course;
    double now = start;
    Pace pace({.seconds = budget}, now, 0, 0.04);
    pace.reserve(end_seconds);
    while (!pace.done(course.steps, now)) {
        course.last_progress = pace.progress(course.steps, now);
        now += step_seconds;
        pace.step_took(step_seconds);
        ++course.steps;
        if (pace.validation_due(course.steps, now)) {
            now += validation_seconds;
            pace.validation_took(validation_seconds, now);
            course.validating += validation_seconds;
            ++course.validations;
        }
    }
    course.ended = now + end_seconds;
    return course;
}

// The promise of --budget: within 5 % of the wall time, everything counted.
TEST(PaceByTime, EndsWithinFivePerCentOfTheBudget) {
    for (const double budget : {10.0, 180.0, 600.0})
        for (const double step : {0.02, 0.2, 0.9})
            for (const double validation : {0.01, 0.5, 4.0})
                for (const double end : {0.1, 2.0}) {
                    const Course course = train(budget, 1.0, step, validation, end);
                    EXPECT_NEAR(course.ended, budget, 0.05 * budget)
                        << budget << " " << step << " " << validation << " " << end;
                    EXPECT_LE(course.validating, 0.04 * budget + validation);
                }
}

TEST(PaceByTime, ValidatesSeveralTimesWhereThatIsCheapAndTheRateReachesItsEnd) {
    const Course course = train(180.0, 2.0, 0.2, 0.3, 1.0);
    EXPECT_GE(course.validations, 5);
    EXPECT_LE(course.validations, 8);
    EXPECT_GT(course.last_progress, 0.995);
}

TEST(PaceByTime, ABudgetThatIsSpentAlreadyTakesNoStep) {
    EXPECT_EQ(train(10.0, 11.0, 0.1, 0.1, 0.1).steps, 0);
}

}  // namespace
}  // namespace unet
