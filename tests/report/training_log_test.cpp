#include "unet/report/training_log.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

TEST(TrainingLog, ReadsStepsAndValidations) {
    const TrainingLog log = parse_training_log(
        "{\"step\":20,\"seconds\":1.5,\"loss\":0.5,\"learning_rate\":0.01}\n"
        "{\"step\":25,\"seconds\":2.5,\"score\":0.4,\"f1\":0.5,\"ap\":null,\"images\":4,\"best\":"
        "true}\n");
    ASSERT_EQ(log.loss.size(), 1u);
    EXPECT_EQ(log.loss[0].step, 20);
    EXPECT_EQ(log.learning_rate[0].value, 0.01);
    ASSERT_EQ(log.validations.size(), 1u);
    EXPECT_EQ(log.validations[0].f1, 0.5);
    EXPECT_LT(log.validations[0].ap, 0.0);
    EXPECT_TRUE(log.validations[0].best);
    EXPECT_EQ(log.last_step, 25);
    EXPECT_EQ(log.seconds, 2.5);
    EXPECT_EQ(log.unreadable, 0);
}

// What a killed run or a stranger's hand leaves.
TEST(TrainingLog, BrokenLinesAreCountedAndPassedOver) {
    const TrainingLog log = parse_training_log(
        "{\"step\":20,\"loss\":0.5}\n[1,2]\n\n{\"step\":\"x\",\"loss\":\"y\",\"score\":[],"
        "\"best\":3}\n{\"step\":40,\"lo");
    EXPECT_EQ(log.loss.size(), 1u);
    EXPECT_TRUE(log.validations.empty());
    EXPECT_EQ(log.unreadable, 3);
    EXPECT_EQ(parse_training_log("").unreadable, 0);
}

}  // namespace
}  // namespace unet
