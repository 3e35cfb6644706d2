#include "unet/objects/polygons.h"

#include <algorithm>
#include <array>
#include <span>

#include "unet/objects/components.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

/// Walks along the edges of the pieces of one slice.
class Tracer {
public:
    Tracer(const std::vector<std::uint32_t>& pieces, std::int64_t height, std::int64_t width)
        : pieces_(pieces), height_(height), width_(width), walked_(pieces.size(), false) {}

    /// Whether a ring is to begin at the upper edge of a pixel.
    bool begins(std::int64_t y, std::int64_t x) const {
        const std::uint32_t piece = at(y, x);
        return piece != 0 && at(y - 1, x) != piece && !walked_[index(y, x)];
    }

    /// The ring that goes right along the upper edge of a pixel, its piece at the right hand: round
    /// a piece clockwise, round its holes the other way.
    Ring walk(std::int64_t y, std::int64_t x) {
        // Right, down, left, up.
        constexpr std::array<PixelCorner, 4> steps{{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}};
        // From a corner, the pixel ahead at the left and at the right hand.
        constexpr std::array<PixelCorner, 4> left{{{-1, 0}, {0, 0}, {0, -1}, {-1, -1}}};
        constexpr std::array<PixelCorner, 4> right{{{0, 0}, {0, -1}, {-1, -1}, {-1, 0}}};
        const std::uint32_t piece = at(y, x);
        const PixelCorner start{y, x};
        PixelCorner corner = start;
        std::size_t direction = 0;
        Ring ring;
        do {
            if (direction == 0) walked_[index(corner.y, corner.x)] = true;
            corner = {corner.y + steps[direction].y, corner.x + steps[direction].x};
            const auto holds = [&](const PixelCorner& side) {
                return at(corner.y + side.y, corner.x + side.x) == piece;
            };
            // Where two pixels of the piece meet at a corner the line keeps to the other two, so
            // that it never comes to one corner twice.
            std::size_t turn = 0;
            if (holds(left[direction]))
                turn = 3;
            else if (!holds(right[direction]))
                turn = 1;
            if (turn != 0) ring.push_back(corner);
            direction = (direction + turn) % 4;
        } while (!(corner == start && direction == 0));
        return ring;
    }

    std::uint32_t at(std::int64_t y, std::int64_t x) const {
        const bool outside = y < 0 || x < 0 || y >= height_ || x >= width_;
        return outside ? 0 : pieces_[index(y, x)];
    }

private:
    std::size_t index(std::int64_t y, std::int64_t x) const {
        return static_cast<std::size_t>(y * width_ + x);
    }

    const std::vector<std::uint32_t>& pieces_;
    std::int64_t height_, width_;
    std::vector<bool> walked_;  ///< upper edges
};

}  // namespace

std::vector<ObjectOutline> object_outlines(const LabelMap& labels, std::int64_t z) {
    const std::int64_t height = labels.size.height, width = labels.size.width;
    const std::span<const std::uint32_t> values(labels.plane(z),
                                                static_cast<std::size_t>(height * width));
    const IdTable table(values);
    std::vector<ObjectOutline> objects(table.ids().size());
    for (std::size_t i = 0; i < objects.size(); ++i) objects[i].label = table.ids()[i];

    std::vector<std::uint32_t> pieces(values.begin(), values.end());
    ComponentFinder().find(pieces, {1, height, width});
    struct Place {
        std::size_t object, piece;
    };
    std::vector<Place> places;  // by piece, whose numbers run in raster order
    Tracer tracer(pieces, height, width);
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            if (!tracer.begins(y, x)) continue;
            const std::size_t piece = tracer.at(y, x) - 1;
            if (piece == places.size()) {  // its first pixel: the ring round it
                const std::size_t object = table.index(values[y * width + x]);
                places.push_back({object, objects[object].pieces.size()});
                objects[object].pieces.emplace_back();
            }
            const Place place = places[piece];
            objects[place.object].pieces[place.piece].rings.push_back(tracer.walk(y, x));
        }
    return objects;
}

}  // namespace unet
