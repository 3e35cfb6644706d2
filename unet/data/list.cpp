#include "unet/data/list.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/image/image_path.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// A word of the column split: "val" for "Validation" too.
std::string canonical_split(std::string_view text) {
    const std::string word = lower_case(trim(text));
    return word == "validation" ? "val" : word;
}

/// Columns that a table may have, by their place in a row.
struct Columns {
    std::optional<std::size_t> image, label, group, split;

    explicit Columns(const std::vector<std::string>& header) {
        for (std::size_t i = 0; i < header.size(); ++i) {
            const std::string name = lower_case(trim(header[i]));
            if (name == "image") image = i;
            if (name == "label") label = i;
            if (name == "group") group = i;
            if (name == "split") split = i;
        }
    }
};

/// The pair of one row; nothing where its split leaves it out.
std::optional<Pair> pair_of(const std::vector<std::string>& row, const Columns& columns,
                            const fs::path& folder, const std::string& wanted,
                            const std::string& where) {
    const auto file = [&](std::size_t column, const char* what) {
        if (column >= row.size() || trim(row[column]).empty())
            fail(ErrorCode::invalid_argument, "{}: found no {}, expected a path", where, what);
        std::error_code ignored;
        const fs::path path = image_path(file_named(folder, row[column]));
        if (!fs::is_regular_file(path, ignored) && !is_image_folder(path))
            fail(ErrorCode::invalid_argument, "{}: {}: no such file", where,
                 (folder / row[column]).string());
        return path;
    };
    const auto word = [&](const std::optional<std::size_t>& column) {
        return std::string(column && *column < row.size() ? trim(row[*column]) : "");
    };
    Part part = Part::any;
    const std::string split = canonical_split(word(columns.split));
    if (!wanted.empty() && split != wanted) return std::nullopt;
    if (!wanted.empty())
        part = Part::any;  // chosen by name: nothing is divided any more
    else if (split == "train")
        part = Part::train;
    else if (split == "val")
        part = Part::validation;
    else if (!split.empty())
        return std::nullopt;
    Pair pair;
    pair.image = file(*columns.image, "image");
    pair.label = file(*columns.label, "label");
    pair.group = word(columns.group);
    pair.part = part;
    return pair;
}

/// Images of one name in several folders get names that tell them apart.
void name_pairs(std::vector<Pair>& pairs) {
    std::vector<fs::path> images;
    for (const Pair& pair : pairs) images.push_back(pair.image);
    const std::vector<std::string> names = names_of(images);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i].name = names[i];
        if (pairs[i].group.empty()) pairs[i].group = names[i];
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& a, const Pair& b) { return a.name < b.name; });
}

char separator_of(std::string_view header) {
    for (const char separator : {',', ';', '\t'})
        if (header.find(separator) != std::string_view::npos) return separator;
    return ',';
}

}  // namespace

std::optional<std::vector<Pair>> pairs_of_list(const fs::path& table, const std::string& split,
                                               std::vector<FileFault>* faults) {
    const std::string text = without_mark(read_text_file(table));  // of spreadsheets
    const auto lines = split_lines(text);
    const std::string_view header = lines.empty() ? std::string_view() : lines[0];
    const char separator = separator_of(header);
    const Columns columns(csv_fields(header, separator));
    if (!columns.image) return std::nullopt;
    if (!columns.label)
        fail(ErrorCode::invalid_argument,
             "{}: found a column 'image' but none 'label', expected both", table.string());
    std::vector<Pair> pairs;
    std::set<fs::path> images;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (trim(lines[i]).empty()) continue;
        const std::string where = fmt::format("{}: line {}", table.string(), i + 1);
        try {
            auto pair = pair_of(csv_fields(lines[i], separator), columns, table.parent_path(),
                                canonical_split(split), where);
            if (!pair) continue;
            if (!images.insert(pair->image.lexically_normal()).second)
                fail(ErrorCode::invalid_argument, "{}: a second time the image {}, expected one",
                     where, pair->image.string());
            pairs.push_back(std::move(*pair));
        } catch (const Error& error) {
            if (!faults) throw;
            faults->push_back({table, error.what()});
        }
    }
    if (pairs.empty() && (!faults || faults->empty()))
        fail(ErrorCode::invalid_argument, "{}: found no row {}", table.string(),
             split.empty() ? "to train on" : fmt::format("with split {}", split));
    name_pairs(pairs);
    return pairs;
}

}  // namespace unet
