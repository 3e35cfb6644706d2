#include "scratch.h"
#include "targets.h"
#include "unet/core/error.h"
#include "unet/model/model.h"

namespace unet::fuzz {

void read_model_file(std::span<const std::byte> bytes) {
    const auto path = scratch().write("model", bytes);
    for (const auto read : {+[](const std::filesystem::path& file) { read_model_info(file); },
                            +[](const std::filesystem::path& file) { read_model(file); },
                            +[](const std::filesystem::path& file) { read_bare_tensors(file); }})
        try {
            read(path);
        } catch (const Error&) {
            continue;
        }
}

}  // namespace unet::fuzz
