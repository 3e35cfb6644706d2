#include "unet/annotation/coco.h"
#include "unet/core/error.h"

namespace unet {
namespace {

// A number is cut into groups of five bits, the lowest first; a sixth bit says that more follow.
constexpr int group_bits = 5;
constexpr char first_character = '0';
constexpr std::int64_t more = 1 << group_bits, sign = 1 << (group_bits - 1);
/// The first counts are stored as they are.
constexpr std::size_t plain_counts = 3;

}  // namespace

std::vector<std::int64_t> unpacked_counts(const std::string& text, const std::string& where) {
    constexpr int most_bits = 50;
    std::vector<std::int64_t> counts;
    std::int64_t value = 0;
    int shift = 0;
    for (const char character : text) {
        const std::int64_t group = character - first_character;
        if (group < 0 || group >= 2 * more || shift > most_bits)
            fail(ErrorCode::corrupt_file,
                 "{}: counts: found '{}', expected run lengths as pycocotools packs them", where,
                 text.substr(0, 40));
        value |= (group & (more - 1)) << shift;
        shift += group_bits;
        if ((group & more) != 0) continue;
        if ((group & sign) != 0) value -= std::int64_t{1} << shift;
        if (counts.size() >= plain_counts) value += counts[counts.size() - 2];
        counts.push_back(value);
        value = 0;
        shift = 0;
    }
    if (shift != 0) fail(ErrorCode::corrupt_file, "{}: counts: the text is cut off", where);
    return counts;
}

std::string packed_counts(const std::vector<std::int64_t>& counts) {
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        std::int64_t value = i < plain_counts ? counts[i] : counts[i] - counts[i - 2];
        for (bool go_on = true; go_on;) {
            std::int64_t group = value & (more - 1);
            value >>= group_bits;
            go_on = (group & sign) != 0 ? value != -1 : value != 0;
            if (go_on) group |= more;
            text += static_cast<char>(group + first_character);
        }
    }
    return text;
}

}  // namespace unet
