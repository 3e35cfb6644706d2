#include "unet/train/training_data.h"

#include <gtest/gtest.h>

#include <string>

#include "discs.h"
#include "tests/testing/folder.h"

namespace unet {
namespace {

class TrainingDataTest : public FolderTest {
protected:
    std::string told;

    /// What the data decide of `foreground`, four discs of about 75 pixels in every picture.
    double foreground(std::int64_t edge, double given) {
        std::filesystem::remove_all(folder);
        discs::write(folder, 4, edge);
        auto options = discs::options(folder, folder / "run", 1);
        options.val_fraction = 0.0;
        options.recipe.sampling.foreground = given;
        Context context(1);
        told.clear();
        return read_training_data(context, options,
                                  [&](const std::string& text) { told += text + '\n'; })
            .foreground;
    }
};

TEST_F(TrainingDataTest, MostPatchesAreCentredWhereAClassIsRare) {
    EXPECT_EQ(foreground(160, -1.0), 0.6);  // 1.2 % of 160 x 160
    EXPECT_NE(told.find("rare: a class covers 1.2 %"), std::string::npos) << told;
    EXPECT_NE(told.find("60 % of the patches"), std::string::npos) << told;
    EXPECT_EQ(foreground(96, -1.0), 0.333);  // 3.3 %
    EXPECT_EQ(told.find("rare:"), std::string::npos) << told;
}

TEST_F(TrainingDataTest, AShareThatIsGivenStands) {
    EXPECT_EQ(foreground(160, 0.1), 0.1);
    EXPECT_EQ(foreground(160, 0.0), 0.0);
}

}  // namespace
}  // namespace unet
