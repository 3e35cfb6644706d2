#include "unet/data/label_survey.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace unet {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::uint32_t SliceSurveyor::root_of(std::uint32_t piece) {
    while (parent_[piece] != piece) {
        parent_[piece] = parent_[parent_[piece]];
        piece = parent_[piece];
    }
    return piece;
}

/// Makes `run` part of the pieces above that it touches, and these one. Runs of the row above that
/// end before it are passed over for good.
void SliceSurveyor::join_above(Run& run, std::size_t& first_above) {
    while (first_above < above_.size() && above_[first_above].end < run.begin) ++first_above;
    for (std::size_t i = first_above; i < above_.size() && above_[i].begin <= run.end; ++i) {
        if (above_[i].value != run.value) continue;
        const std::uint32_t piece = root_of(above_[i].piece);
        if (run.piece == none) {
            run.piece = piece;
        } else if (const std::uint32_t own = root_of(run.piece); own != piece) {
            parent_[piece] = own;
            --found_.pieces[run.value];
        }
    }
    if (run.piece != none) return;
    run.piece = static_cast<std::uint32_t>(parent_.size());
    parent_.push_back(run.piece);
    ++found_.pieces[run.value];
}

/// Forgets the pieces that end above the last row.
void SliceSurveyor::renumber() {
    number_.assign(parent_.size(), none);
    std::uint32_t count = 0;
    for (Run& run : runs_) {
        std::uint32_t& number = number_[root_of(run.piece)];
        if (number == none) number = count++;
        run.piece = number;
    }
    parent_.resize(count);
    for (std::uint32_t piece = 0; piece < count; ++piece) parent_[piece] = piece;
}

void SliceSurveyor::add(std::span<const std::uint32_t> row) {
    const auto width = static_cast<std::int64_t>(row.size());
    runs_.clear();
    std::size_t first_above = 0;
    std::int64_t empty = width;
    row_runs_.for_each(row.data(), width,
                       [&](std::int64_t begin, std::int64_t end, std::uint32_t value) {
                           empty -= end - begin;
                           found_.pixels[value] += end - begin;
                           if (value == ignore_) return;
                           runs_.push_back({begin, end, value, none});
                           join_above(runs_.back(), first_above);
                       });
    if (empty > 0) found_.pixels[0] += empty;
    renumber();
    std::swap(above_, runs_);
}

SliceValues SliceSurveyor::take() {
    above_.clear();
    parent_.clear();
    return std::exchange(found_, {});
}

LabelSurvey survey_of(std::span<const SliceValues> slices, std::optional<std::uint32_t> ignore) {
    LabelSurvey survey;
    survey.images = std::ssize(slices);
    for (const SliceValues& slice : slices)
        for (const auto& [value, pixels] : slice.pixels) survey.values[value].pixels += pixels;
    const std::size_t ignored = ignore ? survey.values.count(*ignore) : 0;
    if (survey.values.size() - ignored <= 2) return survey;
    std::optional<std::size_t> first_count;
    for (const SliceValues& slice : slices) {
        const std::size_t count = slice.pieces.size();
        std::uint32_t largest = 0;
        for (const auto& [value, pieces] : slice.pieces) {
            largest = std::max(largest, value);
            ++survey.values[value].images;
            survey.values[value].whole += pieces == 1 ? 1 : 0;
        }
        survey.most_in_one_image =
            std::max(survey.most_in_one_image, static_cast<std::int64_t>(count));
        if (largest != count) survey.numbered = false;
        if (first_count && *first_count != count) survey.counts_differ = true;
        first_count = count;
    }
    return survey;
}

LabelSurvey survey_labels(Context& context, std::span<const LabelMap* const> maps,
                          std::optional<std::uint32_t> ignore) {
    std::vector<std::size_t> first_slice;  // of each map
    std::size_t count = 0;
    for (const LabelMap* map : maps) {
        first_slice.push_back(count);
        count += static_cast<std::size_t>(map->size.depth);
    }
    std::vector<SliceValues> slices(count);
    parallel_for(context, std::ssize(maps), [&](std::int64_t i, int) {
        const LabelMap& map = *maps[i];
        SliceSurveyor surveyor(ignore);
        for (std::int64_t z = 0; z < map.size.depth; ++z) {
            for (std::int64_t y = 0; y < map.size.height; ++y)
                surveyor.add(
                    {map.plane(z) + y * map.size.width, static_cast<std::size_t>(map.size.width)});
            slices[first_slice[i] + static_cast<std::size_t>(z)] = surveyor.take();
        }
    });
    return survey_of(slices, ignore);
}

}  // namespace unet
