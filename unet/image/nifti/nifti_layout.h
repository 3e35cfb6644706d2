#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace unet {

/// The header of NIfTI-1 as it lies in a file, with the names of nifti1.h.
struct Nifti1 {
    static constexpr int version = 1;
    static constexpr std::size_t bytes = 348;
    static constexpr char magic_text[] = "n+1";
    std::int32_t sizeof_hdr;
    char unused_1[36];
    std::int16_t dim[8];
    float intent_p[3];
    std::int16_t intent_code, datatype, bitpix, slice_start;
    float pixdim[8], vox_offset, scl_slope, scl_inter;
    std::int16_t slice_end;
    std::int8_t slice_code, xyzt_units;
    float cal_max, cal_min;
    char unused_2[16], descrip[80], aux_file[24];
    std::int16_t qform_code, sform_code;
    float quatern[3], qoffset[3], srow[12];
    char intent_name[16], magic[4];
};
static_assert(offsetof(Nifti1, dim) == 40 && offsetof(Nifti1, datatype) == 70 &&
              offsetof(Nifti1, vox_offset) == 108 && offsetof(Nifti1, xyzt_units) == 123 &&
              offsetof(Nifti1, descrip) == 148 && offsetof(Nifti1, qform_code) == 252 &&
              offsetof(Nifti1, srow) == 280 && sizeof(Nifti1) == Nifti1::bytes);

/// That of NIfTI-2 (nifti2.h).
struct Nifti2 {
    static constexpr int version = 2;
    static constexpr std::size_t bytes = 540;
    static constexpr char magic_text[] = "n+2\0\r\n\032\n";
    std::int32_t sizeof_hdr;
    char magic[8];
    std::int16_t datatype, bitpix;
    std::int64_t dim[8];
    double intent_p[3], pixdim[8];
    std::int64_t vox_offset;
    double scl_slope, scl_inter, cal_max, cal_min;
    char unused_1[32], descrip[80], aux_file[24];
    std::int32_t qform_code, sform_code;
    double quatern[3], qoffset[3], srow[12];
    std::int32_t slice_code, xyzt_units, intent_code;
    char unused_3[32];
};
static_assert(offsetof(Nifti2, dim) == 16 && offsetof(Nifti2, vox_offset) == 168 &&
              offsetof(Nifti2, descrip) == 240 && offsetof(Nifti2, qform_code) == 344 &&
              offsetof(Nifti2, srow) == 400 && offsetof(Nifti2, xyzt_units) == 500 &&
              sizeof(Nifti2) >= Nifti2::bytes);

/// Turns the numbers over that are read or written: to the other byte order and back.
template <class Header>
void swap_numbers(Header& header) {
    const auto swap = [](auto&... numbers) {
        (std::reverse(reinterpret_cast<std::byte*>(&numbers),
                      reinterpret_cast<std::byte*>(&numbers + 1)),
         ...);
    };
    for (auto& length : header.dim) swap(length);
    for (auto& size : header.pixdim) swap(size);
    for (auto& value : header.quatern) swap(value);
    for (auto& value : header.qoffset) swap(value);
    for (auto& value : header.srow) swap(value);
    swap(header.qform_code, header.sform_code);
    swap(header.sizeof_hdr, header.datatype, header.bitpix, header.vox_offset, header.scl_slope,
         header.scl_inter, header.cal_max, header.cal_min, header.xyzt_units, header.intent_code);
}

}  // namespace unet
