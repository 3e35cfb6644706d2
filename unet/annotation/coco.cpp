#include "unet/annotation/coco.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "unet/annotation/fill.h"
#include "unet/annotation/json_file.h"
#include "unet/core/error.h"
#include "unet/core/text/json.h"
#include "unet/core/text/text.h"

namespace unet {
namespace {

/// An id as it stands in the file: a number or, of some programs, a text.
std::string id_of(const Json& object, const char* key, const std::string& where) {
    entry_of(object, key, where);
    std::string id = text_of(object, key);
    if (id.empty()) fail(ErrorCode::corrupt_file, "{}: {}: expected a number", where, key);
    return id;
}

/// "12 4 6" and "[12, 4, 6]" are lists as texts; one number alone is packed.
bool is_list_of_numbers(const std::string& text) {
    return text.find_first_not_of("0123456789 ,[]") == std::string::npos &&
           text.find_first_of(" ,") != std::string::npos;
}

std::vector<std::int64_t> counts_of(const Json& counts, const std::string& where) {
    std::vector<std::int64_t> values;
    if (counts.is_string()) {
        std::string text = counts.get<std::string>();
        // Bytes as Python shows them: b'...'.
        if (text.size() > 2 && text[0] == 'b' && (text[1] == '\'' || text[1] == '"') &&
            text.back() == text[1]) {
            text = text.substr(2, text.size() - 3);
            for (std::size_t at = 0; (at = text.find("\\\\", at)) != std::string::npos; ++at)
                text.erase(at, 1);
        }
        if (!is_list_of_numbers(text)) return unpacked_counts(text, where);
        for (const std::string_view word : split_words(text, " ,[]"))
            values.push_back(whole_number_of(std::string(word), 0, where + ": counts"));
        return values;
    }
    if (!counts.is_array())
        fail(ErrorCode::corrupt_file, "{}: counts: expected a list of numbers or a text", where);
    for (const Json& count : counts)
        values.push_back(whole_number_of(count, 0, where + ": counts"));
    return values;
}

/// x, y, x, y, ... or points [x, y].
Curve polygon_of(const Json& numbers, const std::string& where) {
    const bool points = numbers.is_array() && !numbers.empty() && numbers[0].is_array();
    if (!numbers.is_array() || (!points && numbers.size() % 2 != 0))
        fail(ErrorCode::corrupt_file,
             "{}: segmentation: expected polygons, each a list x, y, x, y, ...", where);
    Curve curve;
    if (points)
        for (const Json& pair : numbers) curve.push_back(point_of(pair, where));
    else
        for (std::size_t i = 0; i < numbers.size(); i += 2)
            curve.push_back(
                {coordinate_of(numbers[i + 1], where), coordinate_of(numbers[i], where)});
    return curve;
}

/// One polygon that is in no list: its numbers, or its points, of which no polygon has but one.
bool is_one_polygon(const Json& segmentation) {
    return std::all_of(segmentation.begin(), segmentation.end(), [](const Json& entry) {
        const auto is_number = [](const Json& each) { return each.is_number() || each.is_null(); };
        return is_number(entry) || (entry.is_array() && entry.size() == 2 && is_number(entry[0]) &&
                                    is_number(entry[1]));
    });
}

/// None at all, null and empty ones give an annotation without an outline.
void read_segmentation(const Json& segmentation, const std::string& where, Annotation& annotation) {
    if (segmentation.empty() || segmentation == "" || segmentation == false) return;
    if (segmentation.is_string())  // JSON inside JSON
        if (const auto inner = parse_json(segmentation.get_ref<const std::string&>());
            inner && inner->is_structured())
            return read_segmentation(*inner, where, annotation);
    if (segmentation.is_object()) {
        const Json& counts = entry_of(segmentation, "counts", where);
        if (counts.empty() || counts == "") return;
        const Json& size = list_of(segmentation, "size", where);
        if (size.size() != 2)
            fail(ErrorCode::corrupt_file, "{}: size: expected [height, width]", where);
        annotation.runs =
            ColumnRuns{whole_number_of(size[0], 0, where + ": size"),
                       whole_number_of(size[1], 0, where + ": size"), counts_of(counts, where)};
        return;
    }
    if (!segmentation.is_array())
        fail(ErrorCode::corrupt_file,
             "{}: segmentation: expected polygons or run lengths (counts and size)", where);
    if (segmentation.size() == 1 && segmentation[0].is_object())
        return read_segmentation(segmentation[0], where, annotation);
    if (is_one_polygon(segmentation)) {
        annotation.pieces = {{polygon_of(segmentation, where)}};
        return;
    }
    for (const Json& numbers : segmentation)
        annotation.pieces.push_back({polygon_of(numbers, where)});
}

/// The mask of an object in an image, column after column.
std::vector<std::int64_t> counts_of(const ObjectOutline& outline, const Region& box,
                                    const Size3& size) {
    Annotation shape;
    for (const Polygon& piece : outline.pieces) {
        std::vector<Curve>& curves = shape.pieces.emplace_back();
        for (const Ring& ring : piece.rings) {
            Curve& curve = curves.emplace_back();
            for (const PixelCorner& corner : ring)
                curve.push_back({static_cast<double>(corner.y), static_cast<double>(corner.x)});
        }
    }
    std::vector<bool> inside(box.size.elements(), false);
    for (const PixelRun& run : filled(shape, size.height, size.width))
        for (std::int64_t x = run.x; x < run.end; ++x)
            inside[(x - box.x) * box.size.height + run.y - box.y] = true;
    std::vector<std::int64_t> counts;
    std::int64_t begin = 0;  // of the current run, in the image
    bool now = false;
    for (std::int64_t x = 0; x < box.size.width; ++x)
        for (std::int64_t y = 0; y <= box.size.height; ++y) {
            // What follows a column of the box is outside, but for a box as high as the image.
            if (y == box.size.height && box.size.height == size.height) continue;
            const bool next = y < box.size.height && inside[x * box.size.height + y];
            if (next == now) continue;
            const std::int64_t place = (box.x + x) * size.height + box.y + y;
            counts.push_back(place - begin);
            begin = place;
            now = next;
        }
    const std::int64_t end = (box.x + box.size.width) * size.height;
    if (now && end < size.height * size.width) {  // its last column goes down to the border
        counts.push_back(end - begin);
        begin = end;
    }
    counts.push_back(size.height * size.width - begin);
    return counts;
}

}  // namespace

std::vector<AnnotatedImage> read_coco(const std::filesystem::path& path, const Json& file) {
    const std::string where = path.string();
    std::map<std::string, std::string> categories;
    if (file.is_object() && file.contains("categories"))
        for (const Json& category : list_of(file, "categories", where))
            categories[id_of(category, "id", where + ": categories")] = text_of(category, "name");
    std::vector<AnnotatedImage> images;
    std::map<std::string, std::size_t> by_id;
    for (const Json& entry : list_of(file, "images", where)) {
        const std::string place = fmt::format("{}: image {}", where, images.size() + 1);
        AnnotatedImage image;
        image.file = path;
        image.image = text_of(entry, "file_name");
        if (image.image.empty())
            fail(ErrorCode::corrupt_file, "{}: found no 'file_name', which is expected there",
                 place);
        image.height = whole_of(entry, "height", 0, 0, place);
        image.width = whole_of(entry, "width", 0, 0, place);
        if (!by_id.emplace(id_of(entry, "id", place), images.size()).second)
            fail(ErrorCode::corrupt_file, "{}: a second image of the id {}, expected one", place,
                 text_of(entry, "id"));
        images.push_back(std::move(image));
    }
    std::size_t number = 0;
    const auto read = [&](const Json& entry) {
        Annotation annotation;
        annotation.where = fmt::format("{}: annotation {}", where, ++number);
        const std::string id = id_of(entry, "image_id", annotation.where);
        const auto image = by_id.find(id);
        if (image == by_id.end())
            fail(ErrorCode::corrupt_file, "{}: it is of the image {}, which 'images' does not list",
                 annotation.where, id);
        const std::string category = text_of(entry, "category_id");
        if (!category.empty()) {
            const auto found = categories.find(category);
            if (found == categories.end())
                fail(ErrorCode::corrupt_file,
                     "{}: it is of the category {}, which 'categories' does not list",
                     annotation.where, category);
            annotation.class_name = found->second;
        }
        annotation.ignored = whole_of(entry, "iscrowd", 0, 0, annotation.where) != 0;
        annotation.name = text_of(entry, "label");
        read_segmentation(entry_or_null(entry, "segmentation", annotation.where), annotation.where,
                          annotation);
        images[image->second].annotations.push_back(std::move(annotation));
    };
    AnnotatedImage none;  // annotations of no image
    for (const Json& entry : list_of(file, "annotations", where)) {
        const auto image = by_id.find(text_of(entry, "image_id"));
        leave_out_faults(image == by_id.end() ? none : images[image->second], [&] { read(entry); });
    }
    if (none.fault && images.empty()) throw Error(*none.fault);
    for (const auto& [reason, count] : none.left_out) images[0].left_out[reason] += count;
    if (none.fault && !images[0].fault) images[0].fault = none.fault;
    for (AnnotatedImage& image : images) image.alone = images.size() == 1;
    refuse_if_unusable(images);
    return images;
}

std::string coco_of(const std::vector<CocoImage>& images) {
    using Ordered = nlohmann::ordered_json;
    Ordered list = Ordered::array(), annotations = Ordered::array(), categories = Ordered::array();
    std::map<std::uint32_t, std::string> classes;
    for (const CocoImage& image : images)
        for (const OutlinedObject& object : image.objects)
            classes.emplace(std::max(object.class_value, 1u),
                            object.class_name.empty() ? "object" : object.class_name);
    for (const auto& [value, name] : classes)
        categories.push_back({{"id", value}, {"name", name}, {"supercategory", ""}});
    for (const CocoImage& image : images) {
        const Size3& size = image.size;
        if (size.depth > 1)
            fail(ErrorCode::unsupported,
                 "{}: found a stack of {} slices, expected single images, as COCO knows no "
                 "slices; write ImageJ regions or GeoJSON",
                 image.image, size.depth);
        list.push_back({{"id", list.size() + 1},
                        {"file_name", image.image},
                        {"width", size.width},
                        {"height", size.height}});
        for (const OutlinedObject& object : image.objects) {
            const Region box = box_of(object.outline);
            const auto counts = counts_of(object.outline, box, size);
            std::int64_t area = 0;
            for (std::size_t i = 1; i < counts.size(); i += 2) area += counts[i];
            annotations.push_back(
                {{"id", annotations.size() + 1},
                 {"image_id", list.size()},
                 {"category_id", std::max(object.class_value, 1u)},
                 {"label", object.name},
                 {"segmentation",
                  {{"size", {size.height, size.width}}, {"counts", packed_counts(counts)}}},
                 {"area", area},
                 {"bbox", {box.x, box.y, box.size.width, box.size.height}},
                 {"iscrowd", 0}});
        }
    }
    const Ordered file{{"images", list}, {"annotations", annotations}, {"categories", categories}};
    return json_text(file) + "\n";
}

}  // namespace unet
