#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace unet {

/// A reference to a callable of an item and the thread that works on it, valid for the duration of
/// a call: std::function without a copy.
class ItemFunction {
public:
    template <class F>
    // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): see requires
    requires(!std::is_same_v<std::remove_cvref_t<F>, ItemFunction>) ItemFunction(F&& function)
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
          call_([](void* object, std::int64_t item, int thread) {
              (*static_cast<std::remove_reference_t<F>*>(object))(item, thread);
          }) {}
    void operator()(std::int64_t item, int thread) const { call_(object_, item, thread); }

private:
    void* object_;
    void (*call_)(void*, std::int64_t, int);
};

}  // namespace unet
