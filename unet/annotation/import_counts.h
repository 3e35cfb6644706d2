#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/annotation/draw_labels.h"

namespace unet {

/// What happened in all images of an import together, by reason, as sentences.
class ImportCounts {
public:
    void add(const DrawnLabels& drawn);
    std::int64_t ignored() const { return ignored_; }
    std::vector<std::string> notes() const;

private:
    struct Count {
        std::int64_t number = 0, images = 0;
    };
    std::map<std::string, Count> counts_;  ///< by sentence
    std::string fault_;                    ///< the first
    std::int64_t ignored_ = 0;
};

}  // namespace unet
