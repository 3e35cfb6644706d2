#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "unet/annotation/imagej/imagej_roi.h"
#include "unet/annotation/zip.h"
#include "unet/core/bytes.h"

namespace unet {
namespace {

/// Numbers in big-endian order, at their places.
class RoiBytes {
public:
    explicit RoiBytes(std::size_t size) : bytes_(size) {}

    void put(std::size_t at, std::int64_t value, std::size_t width) {
        put_whole_number(static_cast<std::uint64_t>(value), std::span(bytes_).subspan(at, width),
                         std::endian::big);
    }
    void put_real(std::size_t at, float value) { put(at, std::bit_cast<std::int32_t>(value), 4); }
    std::vector<std::byte> take() { return std::move(bytes_); }

private:
    std::vector<std::byte> bytes_;
};

/// Numbers of the path of a composite: 0 x y to move, 1 x y for a line, 4 to close.
std::vector<float> path_of(const ObjectOutline& outline) {
    std::vector<float> path;
    for (const Polygon& piece : outline.pieces)
        for (const Ring& ring : piece.rings) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                path.push_back(i == 0 ? 0.0f : 1.0f);
                path.push_back(static_cast<float>(ring[i].x));
                path.push_back(static_cast<float>(ring[i].y));
            }
            path.push_back(4.0f);
        }
    return path;
}

}  // namespace

std::vector<std::byte> roi_of(const OutlinedObject& object) {
    constexpr std::size_t header = 64, second_header = 64;
    constexpr std::int64_t version = 228, rectangle = 1, traced = 8, longest = 32767;
    const ObjectOutline& outline = object.outline;
    const Region box = box_of(outline);
    const std::int64_t bottom = box.y + box.size.height, right = box.x + box.size.width;
    const Ring& ring = outline.pieces[0].rings[0];
    const bool plain = outline.pieces.size() == 1 && outline.pieces[0].rings.size() == 1 &&
                       bottom <= longest && right <= longest && std::ssize(ring) <= longest;
    const std::vector<float> path = plain ? std::vector<float>{} : path_of(outline);
    const std::size_t body = plain ? 4 * ring.size() : 4 * path.size();
    RoiBytes roi(header + body + second_header + 2 * object.name.size());
    roi.put(0, 0x496f7574, 4);  // "Iout"
    roi.put(4, version, 2);
    roi.put(6, plain ? traced : rectangle, 1);
    roi.put(8, std::min(box.y, longest), 2);
    roi.put(10, std::min(box.x, longest), 2);
    roi.put(12, std::min(bottom, longest), 2);
    roi.put(14, std::min(right, longest), 2);
    roi.put(16, plain ? std::ssize(ring) : 0, 2);
    roi.put(36, std::ssize(path), 4);
    roi.put(56, object.slice + 1, 4);
    const std::size_t second = header + body, name = second + second_header;
    roi.put(60, static_cast<std::int64_t>(second), 4);
    for (std::size_t i = 0; plain && i < ring.size(); ++i) {
        roi.put(header + 2 * i, ring[i].x - box.x, 2);
        roi.put(header + 2 * (ring.size() + i), ring[i].y - box.y, 2);
    }
    for (std::size_t i = 0; i < path.size(); ++i) roi.put_real(header + 4 * i, path[i]);
    roi.put(second + 16, static_cast<std::int64_t>(name), 4);
    roi.put(second + 20, std::ssize(object.name), 4);
    if (object.class_value <= 255) roi.put(second + 30, object.class_value, 1);
    for (std::size_t i = 0; i < object.name.size(); ++i)
        roi.put(name + 2 * i, static_cast<unsigned char>(object.name[i]), 2);  // UTF-16 of digits
    return roi.take();
}

std::vector<std::byte> roi_set_of(const std::vector<OutlinedObject>& objects) {
    std::vector<ZipEntry> entries;
    for (const OutlinedObject& object : objects)
        entries.push_back({object.slice < 0
                               ? fmt::format("{}.roi", object.name)
                               : fmt::format("{}_z{}.roi", object.name, object.slice + 1),
                           roi_of(object)});
    return zip_of(entries);
}

}  // namespace unet
