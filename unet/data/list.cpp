#include "unet/data/list.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/image/image_path.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// A word of the column split: "val" for "Validation" too.
std::string canonical_split(std::string_view text) {
    const std::string word = lower_case(trim(text));
    return word == "validation" ? "val" : word;
}

std::vector<std::string_view> lines_in(std::string_view text) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // written by spreadsheets
    return split_lines(text);
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
        if (column >= row.size() || row[column].empty())
            fail(ErrorCode::invalid_argument, "{}: found no {}, expected a path", where, what);
        std::error_code ignored;
        fs::path path = image_path(folder / row[column]);
        if (!fs::is_regular_file(path, ignored) && !is_image_folder(path))
            fail(ErrorCode::invalid_argument, "{}: {}: no such file", where, path.string());
        return path;
    };
    const auto word = [&](const std::optional<std::size_t>& column) {
        return column && *column < row.size() ? row[*column] : std::string();
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
    pair.name = stem_of(pair.image);
    pair.group = word(columns.group).empty() ? pair.name : word(columns.group);
    pair.part = part;
    return pair;
}

}  // namespace

std::optional<std::vector<Pair>> pairs_of_list(const fs::path& table, const std::string& split,
                                               std::vector<FileFault>* faults) {
    const std::string text = read_text_file(table);
    const auto lines = lines_in(text);
    const std::string_view header = lines.empty() ? std::string_view() : lines[0];
    const char separator = header.find(',') == std::string_view::npos ? ';' : ',';
    const Columns columns(csv_fields(header, separator));
    if (!columns.image) return std::nullopt;
    if (!columns.label)
        fail(ErrorCode::invalid_argument,
             "{}: found a column 'image' but none 'label', expected both", table.string());
    std::vector<Pair> pairs;
    std::set<std::string> names;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (trim(lines[i]).empty()) continue;
        const std::string where = fmt::format("{}: line {}", table.string(), i + 1);
        try {
            const auto pair = pair_of(csv_fields(lines[i], separator), columns, table.parent_path(),
                                      canonical_split(split), where);
            if (!pair) continue;
            if (!names.insert(pair->name).second)
                fail(ErrorCode::invalid_argument, "{}: a second image of the name {}, expected one",
                     where, pair->name);
            pairs.push_back(*pair);
        } catch (const Error& error) {
            if (!faults) throw;
            faults->push_back({table, error.what()});
        }
    }
    if (pairs.empty() && (!faults || faults->empty()))
        fail(ErrorCode::invalid_argument, "{}: found no row {}", table.string(),
             split.empty() ? "to train on" : fmt::format("with split {}", split));
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& a, const Pair& b) { return a.name < b.name; });
    return pairs;
}

}  // namespace unet
