#include "unet/kernels/dispatch.h"

#include <string>

#include "unet/core/error.h"
#include "unet/kernels/amx/table.h"
#include "unet/kernels/cpu/table.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

std::vector<const KernelTable*> find(Element element) {
    std::vector<const KernelTable*> found;
    if (element == Element::float32)
        found = cpu::tables();
    else if (const KernelTable* tiles = amx::table())
        found = {tiles};
    found.push_back(&reference::table(element));
    return found;
}

}  // namespace

const std::vector<const KernelTable*>& available(Element element) {
    static const std::vector<const KernelTable*> float32 = find(Element::float32);
    static const std::vector<const KernelTable*> bfloat16 = find(Element::bfloat16);
    return element == Element::float32 ? float32 : bfloat16;
}

const KernelTable& select(std::string_view name, Element element) {
    if (name.empty()) return *available(element).front();
    std::string names;
    for (const KernelTable* table : available(element)) {
        if (table->name == name) return *table;
        names += std::string(" ") + table->name;
    }
    fail(ErrorCode::unsupported, "no kernels named '{}' {}on this machine; there are:{}", name,
         element == Element::bfloat16 ? "for bfloat16 " : "", names);
}

}  // namespace unet::kernels
