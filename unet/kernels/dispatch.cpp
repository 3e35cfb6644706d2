#include "unet/kernels/dispatch.h"

#include <string>

#include "unet/core/error.h"
#include "unet/kernels/cpu/table.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {

const std::vector<const KernelTable*>& available() {
    static const std::vector<const KernelTable*> tables = [] {
        std::vector<const KernelTable*> found = cpu::tables();
        found.push_back(&reference::table());
        return found;
    }();
    return tables;
}

const KernelTable& select(std::string_view name) {
    if (name.empty()) return *available().front();
    std::string names;
    for (const KernelTable* table : available()) {
        if (table->name == name) return *table;
        names += std::string(" ") + table->name;
    }
    fail(ErrorCode::unsupported, "no kernels named '{}' on this machine; there are:{}", name,
         names);
}

}  // namespace unet::kernels
