#include "unet/image/stored.h"

#include <algorithm>
#include <bit>

#include "unet/core/error.h"

namespace unet {

void check_claimed_size(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                        std::int64_t bits_per_pixel, std::int64_t pages, std::int64_t file_bytes,
                        std::int64_t expansion) {
    // In double: the product of hostile numbers may not fit 64 bits. Small files may spend bytes on
    // nothing but a header, hence the constant.
    constexpr double always_allowed = 64.0 * 1024.0;
    const double claimed = static_cast<double>(height) * static_cast<double>(width) *
                           static_cast<double>(bits_per_pixel) * static_cast<double>(pages) / 8.0;
    const double possible = static_cast<double>(file_bytes) * static_cast<double>(expansion);
    if (claimed > possible + always_allowed)
        fail(ErrorCode::corrupt_file,
             "'{}' claims {} page(s) of {}x{} pixels with {} bits each, but its {} bytes cannot "
             "hold "
             "them; the file is damaged or incomplete",
             path.string(), pages, height, width, bits_per_pixel, file_bytes);
}

void StoredFile::read_rows(std::int64_t page, std::int64_t first, std::int64_t rows,
                           std::span<std::byte> pixels) {
    if (first != 0 || rows != info_.size.height)
        fail(ErrorCode::invalid_argument, "rows {} to {} are asked for, expected a whole page",
             first, first + rows);
    read_page(page, pixels);
}

std::vector<std::int64_t> channel_pages_of(const StoredFile& file,
                                           const std::vector<std::int64_t>& channels) {
    std::vector<std::int64_t> pages;
    for (const std::int64_t channel : channels) pages.push_back(channel / file.channels_per_page());
    std::sort(pages.begin(), pages.end());
    pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
    return pages;
}

void StoredFile::complete(const PageOrder& order, std::string_view source) {
    order_ = order;
    info_.axes = order.axes();
    info_.axes_source = source;
    info_.size.depth = order.times() * order.slices();
    info_.bits = layout_.bits;
    info_.alpha = layout_.kept < layout_.samples;
    info_.channels = channels_per_page() * order.channels();
    info_.pages = order.pages();
    info_.rgb = (layout_.colours || info_.palette) && info_.channels == 3;
    if (layout_.kind == NumberKind::floating || layout_.scaled())
        info_.type = SampleType::f32;
    else if (layout_.kind == NumberKind::unsigned_integer)
        info_.type = layout_.bits <= 8    ? SampleType::u8
                     : layout_.bits <= 16 ? SampleType::u16
                                          : SampleType::u32;
    else
        info_.type = layout_.bits <= 8    ? SampleType::i8
                     : layout_.bits <= 16 ? SampleType::i16
                                          : SampleType::i32;
}

bool only_shows(const ImageInfo& info) { return info.palette && info.format != "PNG"; }

void StoredFile::take_as_stored() {
    info_.palette = info_.white_is_zero = false;
    complete(PageOrder(order_), std::string(info_.axes_source));
}

void StoredFile::take_transparency() {
    layout_.kept = layout_.samples;
    complete(PageOrder(order_), std::string(info_.axes_source));
}

/// Whether the samples that are no values of a pixel are the largest of their type: nothing is seen
/// through it.
bool Transparency::is_opaque(const SampleLayout& layout, std::span<const std::byte> pixel) {
    const bool floating = layout.kind == NumberKind::floating;
    if (floating && layout.bits != 32) return true;
    const int bits = layout.bits - (layout.kind == NumberKind::signed_integer && layout.bits > 1);
    const std::uint64_t full =
        floating ? std::bit_cast<std::uint32_t>(1.0f) : ~std::uint64_t{0} >> (64 - bits);
    for (std::int64_t sample = layout.kept; sample < layout.samples; ++sample) {
        std::uint64_t value = 0;
        for (std::int64_t i = layout.bytes() - 1; i >= 0; --i) {
            const std::int64_t byte =
                std::endian::native == std::endian::little ? i : layout.bytes() - 1 - i;
            value =
                value << 8 | std::to_integer<std::uint64_t>(pixel[sample * layout.bytes() + byte]);
        }
        if (value != full) return false;
    }
    return true;
}

void Transparency::look_at(const StoredFile& file, std::span<const std::byte> pixels) {
    const SampleLayout& layout = file.layout();
    if (differs_ || layout.kept == layout.samples) return;
    const std::int64_t step = layout.samples * layout.bytes();
    if (first_.empty() && !pixels.empty()) differs_ = !is_opaque(layout, pixels.first(step));
    for (std::int64_t at = 0; at < std::ssize(pixels) && !differs_; at += step) {
        const auto one = pixels.subspan(at, step).subspan(layout.kept * layout.bytes());
        if (first_.empty()) first_.assign(one.begin(), one.end());
        differs_ = !std::equal(one.begin(), one.end(), first_.begin());
    }
}

void StoredFile::take_stored_values() {
    const bool colours = info_.palette && !only_shows(info_);
    take_as_stored();
    info_.palette = colours;
    complete(PageOrder(order_), std::string(info_.axes_source));
}

void StoredFile::set_calibration(const Calibration& calibration) {
    if (layout_.bits > 16 || layout_.samples > 1 || layout_.kind == NumberKind::floating) return;
    info_.calibration = calibration;
    // ImageJ counts signed values from 0 for the least.
    if (layout_.kind == NumberKind::signed_integer && layout_.bits == 16 && calibration.straight())
        info_.calibration.intercept += 32768.0 * calibration.slope;
}

void StoredFile::take_calibrated() {
    const Calibration& calibration = info_.calibration;
    if (!calibration.straight()) return;
    layout_.slope = calibration.slope;
    layout_.intercept = calibration.intercept;
    info_.calibrated = true;
    complete(PageOrder(order_), std::string(info_.axes_source));
}

void StoredFile::set_axes(std::string_view axes, std::string_view where) {
    // Of pages that nothing is said of no length is known.
    const auto known = info_.axes_source.empty() ? std::vector<Axis>() : order_.axes();
    complete(reordered(known, order_.pages(), axes, where), "`axes`");
}

void swap_bytes(std::span<std::byte> values, std::int64_t width) {
    for (auto at = values.begin(); at != values.end(); at += width) std::reverse(at, at + width);
}

}  // namespace unet
