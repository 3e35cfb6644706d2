#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Where computed tiles are kept, so that a prediction that was ended goes on from them: what is
/// kept is taken for what would be computed, bit for bit. One store is for one image and one kind.
class TileStore {
public:
    virtual ~TileStore() = default;
    virtual bool has(const Region& core) const = 0;
    /// Planar values of a core; false where they are not kept.
    virtual bool load(const Region& core, std::span<float> values) = 0;
    virtual void save(const Region& core, std::span<const float> values) = 0;
};

/// A folder with a file for each tile, packed by blosc. A tile is there when its file is complete,
/// so any number of programs may work in one folder, and be ended at any moment.
class TileFolder final : public TileStore {
public:
    /// Throws Error(io) if the folder cannot be created.
    explicit TileFolder(std::filesystem::path folder);

    bool has(const Region& core) const override;
    /// False, too, for a file that is damaged.
    bool load(const Region& core, std::span<float> values) override;
    /// Throws Error(io).
    void save(const Region& core, std::span<const float> values) override;

    /// Bytes that are taken to pack or unpack so many values.
    static std::int64_t bytes(std::int64_t values) {
        return values * static_cast<std::int64_t>(sizeof(float));
    }

private:
    std::filesystem::path file_of(const Region& core) const;

    std::filesystem::path folder_;
    std::vector<std::byte> packed_;
};

}  // namespace unet
