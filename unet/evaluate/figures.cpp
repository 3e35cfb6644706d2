#include "unet/evaluate/figures.h"

#include <array>

#include "unet/evaluate/evaluation.h"

namespace unet {
namespace {

constexpr std::array figures{
    Figure{"f1", &Scores::f1}, Figure{"precision", &Scores::precision},
    Figure{"recall", &Scores::recall}, Figure{"ap", &Scores::ap}, Figure{"pq", &Scores::pq},
    Figure{"seg", &Scores::seg}, Figure{"det", &Scores::det}, Figure{"aji", &Scores::aji},
    Figure{"aji_plus", &Scores::aji_plus},
    // Those of pixels follow.
    Figure{"iou", &Scores::iou}, Figure{"dice", &Scores::dice},
    Figure{"pixel_error", &Scores::pixel_error, false}, Figure{"hd95", &Scores::hd95, false},
    Figure{"assd", &Scores::assd, false}, Figure{"surface_dice", &Scores::surface_dice}};
constexpr std::size_t of_objects = 9, of_surfaces = 3;  // the first and the last ones

}  // namespace

std::span<const Figure> figures_of(const EvaluateOptions& options) {
    std::span<const Figure> chosen = figures;
    if (!options.surface) chosen = chosen.first(chosen.size() - of_surfaces);
    return options.kind == LabelKind::instances ? chosen : chosen.subspan(of_objects);
}

}  // namespace unet
