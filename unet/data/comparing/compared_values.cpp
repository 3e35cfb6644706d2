#include "unet/data/comparing/compared_values.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

using Values = std::vector<std::uint32_t>;

constexpr std::uint32_t largest_small_class = 32;  // above, numbers of classes are codes
constexpr std::uint32_t unlabelled = 255;          // as many programs mark what is left open
constexpr std::size_t most_classes = 32;           // more values that lie scattered are grey ones
constexpr double nearly_all = 0.9, half = 0.5;     // shares of whole pieces

bool has(const Values& values, std::uint32_t value) {
    return std::binary_search(values.begin(), values.end(), value);
}

bool within(const Values& inner, const Values& outer) {
    return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

/// "1=0,2=255", as parse_values takes it.
std::string text_of(const Values& from, const Values& to) {
    std::string text;
    for (std::size_t i = 0; i < from.size(); ++i)
        text += fmt::format("{}{}={}", i > 0 ? "," : "", from[i], to[std::min(i, to.size() - 1)]);
    return text;
}

/// Pixels of a value hang together: objects, not classes or grey values.
double whole_share(const LabelSurvey& survey) {
    std::int64_t images = 0, whole = 0;
    for (const auto& [value, count] : survey.values) {
        if (value == 0) continue;
        images += count.images;
        whole += count.whole;
    }
    return images == 0 ? 1.0 : static_cast<double>(whole) / static_cast<double>(images);
}

/// One comparison.
class Match {
public:
    Match(const TrueValues& truth, const LabelSurvey& predicted, const std::string& where)
        : truth_(truth),
          predicted_(predicted),
          where_(where),
          true_(truth.values),
          found_(values_of(predicted)) {
        std::sort(true_.begin(), true_.end());
    }

    ComparedValues of_said(const ValueMap& said) const {
        ValueMap values;
        for (const std::uint32_t value : found_) {
            const auto place = said.find(value);
            values[value] = place == said.end() ? value : place->second;
        }
        return truth_.kind == LabelKind::binary ? masks(values) : classes(values);
    }

    ComparedValues of_masks() const {
        if (background() != 0 && found_ == Values{background()})
            refuse("their one value may be the background of the truth or a mask",
                   fmt::format("`values` {0}={0} or `values` {0}={1}", found_[0], true_[1]));
        if (within(found_, true_)) return with_note(masks(same()));
        if (!has(found_, 0))
            refuse(fmt::format("no pixel of the predictions is background, which is {} in the "
                               "truth",
                               background()),
                   suggested_mask());
        if (found_.size() == 2 && truth_.detected && true_.size() == 2) {
            // 0 and 2 beside 0 and 1 are classes rather than masks.
            const std::uint32_t value = found_[1], other = true_[1];
            if (value > 1 && value <= largest_small_class && other <= largest_small_class)
                refuse("they may be masks or classes", fmt::format("`values` {}={}", value, other));
        }
        if (found_.size() > 2) check_objects();
        ComparedValues result = masks(same());
        // 0 is background of the predictions, whatever is that of the truth.
        for (auto& [value, index] : result.predicted) index = value != 0 ? 1 : 0;
        return with_note(std::move(result));
    }

    ComparedValues of_classes() const {
        const bool places_fit = found_.empty() || found_.back() < true_.size();
        if (has(true_, 0) && !has(found_, 0) && found_.size() > 1)
            refuse("no pixel of the predictions is 0, the background of the truth",
                   fmt::format("`values` {} if the smallest is background, `values` {} if the "
                               "numbers are the same",
                               text_of(found_, true_), text_of(found_, found_)));
        const bool shared = std::any_of(found_.begin(), found_.end(), [&](std::uint32_t value) {
            return value != 0 && has(true_, value);
        });
        if (!places_fit || places_are_values()) {
            if (within(found_, true_) || (shared && within(true_, found_)))
                return with_hints(classes(same()));
            if (shared)
                refuse("each side holds a class that the other lacks", suggested_classes(false));
            refuse("no class of the one is a class of the other",
                   places_fit ? suggested_classes(true)
                              : fmt::format("which stands for which, such as `values` {}",
                                            text_of(found_, true_)));
        }
        const bool all_places =
            found_.back() + std::size_t{1} == found_.size() && found_.size() == true_.size();
        const bool codes = true_.back() > largest_small_class;
        if (!(codes && !shared) && !(all_places && (codes || !has(true_, 0))))
            refuse("they may be the same numbers, or places in the truth's list",
                   suggested_classes(true));
        ComparedValues result = classes(places());
        result.notes.push_back(
            fmt::format("predictions hold {}: taken for places in the truth's values {} ({})",
                        list_of_values(found_), list_of_values(true_), suggested_classes(true)));
        return with_hints(std::move(result));
    }

private:
    std::uint32_t background() const { return true_.size() == 2 ? true_[0] : 0; }

    ValueMap same() const {
        ValueMap values;
        for (const std::uint32_t value : found_) values[value] = value;
        return values;
    }

    /// Only where all places are in the list.
    ValueMap places() const {
        ValueMap values;
        for (const std::uint32_t value : found_) values[value] = true_[value];
        return values;
    }

    bool places_are_values() const {
        return std::all_of(found_.begin(), found_.end(),
                           [&](std::uint32_t value) {
                               return value < true_.size() && true_[value] == value;
                           }) ||
               (!true_.empty() && true_.back() + std::size_t{1} == true_.size());
    }

    ComparedValues masks(const ValueMap& values) const {
        ComparedValues result;
        result.classes = true_.size() == 2 ? true_ : Values{0, 255};
        for (const auto& [value, stands_for] : values)
            result.predicted[value] = stands_for != background() ? 1 : 0;
        return result;
    }

    ComparedValues classes(const ValueMap& values) const {
        ComparedValues result;
        result.classes = true_;
        for (const auto& [value, stands_for] : values) result.classes.push_back(stands_for);
        auto& all = result.classes;
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        for (const auto& [value, stands_for] : values)
            result.predicted[value] = static_cast<std::uint32_t>(
                std::lower_bound(all.begin(), all.end(), stands_for) - all.begin());
        return result;
    }

    ComparedValues with_note(ComparedValues result) const {
        if (background() != 0) result.notes.push_back(note_on_background(true_));
        return result;
    }

    /// What may be meant otherwise and is not seen at once.
    ComparedValues with_hints(ComparedValues result) const {
        const auto numbers = std::upper_bound(true_.begin(), true_.end(), largest_small_class);
        if (!has(found_, unlabelled) && true_.size() > 2 && true_.back() == unlabelled &&
            numbers == true_.end() - 1)
            result.notes.push_back(
                fmt::format("the truth holds {0}, which is counted as a class; `ignore` {0} leaves "
                            "such pixels out",
                            unlabelled));
        if (has(found_, 0) && !has(true_, 0) && within(true_, found_))
            result.notes.push_back(
                fmt::format("no pixel of the truth is 0, the predictions hold {}: taken for the "
                            "same numbers",
                            list_of_values(found_)));
        return result;
    }

    /// Many values beside a mask are objects, unless they lie scattered as grey values do.
    void check_objects() const {
        const double whole = whole_share(predicted_);
        if (found_.size() > most_classes && whole < half)
            refuse(
                "those of the predictions lie scattered as grey values or probabilities do, "
                "expected a mask or objects: `find_objects` makes objects of probabilities",
                "");
        const bool numbered = predicted_.numbered && predicted_.images == 1 && found_.size() > 4;
        const bool objects = whole >= nearly_all && (found_.size() > 9 || numbered);
        if (!truth_.detected || objects || true_.size() != 2 || !has(found_, true_[1])) return;
        refuse(
            "the predictions may be objects of which the truth is a mask, or classes of which "
            "the truth lacks some",
            "`labels` binary compares foreground, `labels` classes each number");
    }

    std::string suggested_mask() const {
        const std::uint32_t foreground = true_.size() == 2 ? true_[1] : 1;
        if (found_.size() != 2) return text_hint(found_.empty() ? 0 : found_[0], background());
        return fmt::format("`values` {} if {} is background, `values` {} if {} is",
                           text_of(found_, {background(), foreground}), found_[0],
                           text_of(found_, {foreground, background()}), found_[1]);
    }

    static std::string text_hint(std::uint32_t from, std::uint32_t to) {
        return fmt::format("`values` {}={} if {} is background", from, to, from);
    }

    std::string suggested_classes(bool places_fit) const {
        std::string text =
            fmt::format("`values` {} if the numbers are the same", text_of(found_, found_));
        if (!places_fit) return text + ", or which stands for which";
        Values named;
        for (const std::uint32_t value : found_) named.push_back(true_[value]);
        return fmt::format("`values` {} if they are places, {}", text_of(found_, named), text);
    }

    [[noreturn]] void refuse(const std::string& why, const std::string& todo) const {
        fail_setting("values", ErrorCode::invalid_argument,
                     "{}: found the values {} in the predictions and {} in the truth: {}{}", where_,
                     list_of_values(found_), list_of_values(truth_.values), why,
                     todo.empty() ? "" : "; say " + todo);
    }

    const TrueValues& truth_;
    const LabelSurvey& predicted_;
    const std::string& where_;
    Values true_, found_;
};

}  // namespace

std::string note_on_background(const std::vector<std::uint32_t>& truth) {
    if (truth.size() != 2 || truth[0] == 0) return {};
    return fmt::format("the truth holds {}: {} is taken for background", list_of_values(truth),
                       truth[0]);
}

ComparedValues match_values(const TrueValues& truth, const LabelSurvey& predicted,
                            const ValueMap& said, const std::string& where) {
    const Match match(truth, predicted, where);
    if (!said.empty()) return match.of_said(said);
    return truth.kind == LabelKind::binary ? match.of_masks() : match.of_classes();
}

}  // namespace unet
