#include "unet/evaluate/figures.h"

#include <array>

#include "unet/evaluate/evaluation.h"

namespace unet {
namespace {

constexpr std::array of_objects{
    Figure{"f1", &Scores::f1},
    Figure{"precision", &Scores::precision},
    Figure{"recall", &Scores::recall},
    Figure{"ap", &Scores::ap},
    Figure{"pq", &Scores::pq},
    Figure{"seg", &Scores::seg},
    Figure{"det", &Scores::det},
    Figure{"aji", &Scores::aji},
    Figure{"aji_plus", &Scores::aji_plus},
};

constexpr std::array of_pixels{
    Figure{"iou", &Scores::iou},
    Figure{"dice", &Scores::dice},
    Figure{"pixel_error", &Scores::pixel_error, false},
};

constexpr std::array of_surfaces{
    Figure{"hd95", &Scores::hd95, false},
    Figure{"assd", &Scores::assd, false},
    Figure{"surface_dice", &Scores::surface_dice},
};

}  // namespace

std::vector<Figure> figures_of(const EvaluateOptions& options) {
    std::vector<Figure> figures;
    if (options.kind == LabelKind::instances)
        figures.insert(figures.end(), of_objects.begin(), of_objects.end());
    figures.insert(figures.end(), of_pixels.begin(), of_pixels.end());
    if (options.surface) figures.insert(figures.end(), of_surfaces.begin(), of_surfaces.end());
    return figures;
}

}  // namespace unet
