#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "unet/core/system/memory.h"

namespace unet {

/// Values one behind the other, whose number is not known beforehand. While it grows the
/// system moves pages instead of copying them where it can (std::realloc), so that, unlike with
/// std::vector, hardly more memory is resident at any moment than the values take.
template <class Value>
class GrowingArray {
    static_assert(std::is_trivially_copyable_v<Value>);

public:
    /// Throws std::bad_alloc.
    void reserve(std::size_t count) {
        if (count <= capacity_) return;
        void* larger = std::realloc(values_.get(), count * sizeof(Value));
        if (larger == nullptr) throw std::bad_alloc();
        static_cast<void>(values_.release());  // NOLINT(bugprone-unused-return-value): moved
        values_.reset(static_cast<Value*>(larger));
        capacity_ = count;
        system::use_huge_pages(values_.get() + size_, (capacity_ - size_) * sizeof(Value));
    }
    /// Throws std::bad_alloc.
    void push_back(const Value& value) {
        constexpr std::size_t least = 64;
        if (size_ == capacity_) reserve(size_ < least ? least : 2 * size_);
        values_.get()[size_++] = value;
    }
    void clear() noexcept { size_ = 0; }

    std::size_t size() const noexcept { return size_; }
    /// Of the values there are.
    std::int64_t bytes() const noexcept { return static_cast<std::int64_t>(size_ * sizeof(Value)); }
    Value* begin() noexcept { return values_.get(); }
    Value* end() noexcept { return values_.get() + size_; }
    const Value* begin() const noexcept { return values_.get(); }
    const Value* end() const noexcept { return values_.get() + size_; }
    Value& operator[](std::size_t i) noexcept { return values_.get()[i]; }
    const Value& operator[](std::size_t i) const noexcept { return values_.get()[i]; }

private:
    struct Free {
        void operator()(Value* values) const noexcept { std::free(values); }
    };
    std::unique_ptr<Value, Free> values_;
    std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace unet
