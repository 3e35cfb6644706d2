"""Writes tests/image/files and files/expected.json.

The image files come from tifffile, Pillow, nibabel and (for kinds that none of them writes: PNG of 2
and 4 bit grey, of 16 bit RGB, Adam7 interlacing; TIFF of 24 bits) from the few lines below. Expected
values are computed from the arrays that went in, never by reading a file; but for JPEG, whose values
are those that Pillow reads. Run with numpy, tifffile, imagecodecs, pillow, nibabel and zarr (below 3)
installed:

    python3 tests/image/make_files.py
"""

import json
import struct
import zlib

import numpy as np
import tifffile
from PIL import Image

import make_other
import make_stacks
from expectations import HEIGHT, HERE, WIDTH, expect, expected, formula


def png_bytes(array, bits, interlaced=False):
    """A grey (H, W) or RGB (H, W, 3) PNG, filter 0."""

    def packed(part):
        if bits == 16:
            return part.astype(">u2").tobytes()
        if bits == 8:
            return part.astype("u1").tobytes()
        out = bytearray()
        per_byte = 8 // bits
        for start in range(0, len(part), per_byte):
            byte = 0
            for i, value in enumerate(part[start : start + per_byte]):
                byte |= int(value) << (8 - bits * (i + 1))
            out.append(byte)
        return bytes(out)

    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    raw = b""
    for y0, x0, dy, dx in passes:
        part = array[y0::dy, x0::dx]
        if part.size:
            raw += b"".join(b"\0" + packed(row.reshape(-1)) for row in part)

    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    colour = 2 if array.ndim == 3 else 0
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], bits, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def make_png():
    grey = formula()
    plane = grey[0, 0]
    rgb = formula(3)
    last = np.moveaxis(rgb[:, 0], 0, -1).astype("u1")
    not_labels = "is RGB"

    Image.fromarray(plane.astype("u1")).save(HERE / "grey8.png")
    expect("grey8.png", grey, plane)
    wide = formula(modulus=65521) * 97 % 65521
    (HERE / "grey16.png").write_bytes(png_bytes(wide[0, 0], 16))
    expect("grey16.png", wide, wide[0, 0], "u16", bits=16)
    for bits in (1, 2, 4):
        few = formula(modulus=2**bits)
        (HERE / f"grey{bits}.png").write_bytes(png_bytes(few[0, 0], bits))
        expect(f"grey{bits}.png", few, few[0, 0], bits=bits)
    (HERE / "interlaced8.png").write_bytes(png_bytes(plane, 8, True))
    expect("interlaced8.png", grey, plane)
    few = formula(modulus=4)
    (HERE / "interlaced2.png").write_bytes(png_bytes(few[0, 0], 2, True))
    expect("interlaced2.png", few, few[0, 0], bits=2)
    rgb_wide = rgb * 257
    (HERE / "interlaced_rgb16.png").write_bytes(png_bytes(np.moveaxis(rgb_wide[:, 0], 0, -1), 16, True))
    expect("interlaced_rgb16.png", rgb_wide, not_labels, "u16", True, bits=16)
    Image.fromarray(last).save(HERE / "rgb8.png", dpi=(300, 300))
    expect("rgb8.png", rgb, not_labels, rgb=True)
    alpha = ((plane * 3 + 11) % 256).astype("u1")
    Image.fromarray(np.dstack([last, alpha])).save(HERE / "rgba8.png")
    expect("rgba8.png", rgb, not_labels, rgb=True, alpha=True)
    Image.fromarray(np.dstack([plane.astype("u1")] * 3 + [alpha])).save(HERE / "rgba_grey.png")
    expect("rgba_grey.png", grey, plane, alpha=True)
    Image.fromarray(np.dstack([plane.astype("u1"), alpha]), "LA").save(HERE / "grey_alpha.png")
    expect("grey_alpha.png", grey, plane, alpha=True)

    table = [[(5 * i + 40) % 256, (9 * i) % 256, 255 - i] for i in range(256)]
    colours = np.array(table)
    for bits in (8, 4):
        index = formula(modulus=min(251, 2**bits))[0, 0]
        picture = Image.fromarray(index.astype("u1"), "P")
        picture.putpalette(sum(table[: 2**bits], []))
        picture.save(HERE / f"palette{bits}.png", bits=bits, transparency=3)
        expect(f"palette{bits}.png", np.moveaxis(colours[index], -1, 0)[:, None], index, rgb=True, palette=True, bits=bits)


def make_tiff():
    def save(name, array, **options):
        tifffile.imwrite(HERE / name, array, **{"metadata": None, "software": False, **options})

    def plain(name, dtype, kind, image=None, bits=None, **options):
        image = formula() if image is None else image
        stored = image[0, 0].astype(dtype)
        save(name, stored, **options)
        expect(name, stored.astype("f8")[None, None], None if stored.min() < 0 else stored, kind,
               bits=bits or stored.dtype.itemsize * 8)

    negative = formula() - 100
    big = formula() * 17_000_003 % 4_294_967_291
    plain("u8.tif", "u1", "u8")
    plain("u16_big_endian.tif", ">u2", "u16", formula() * 261)
    plain("u32.tif", "<u4", "u32", big)
    plain("u64.tif", "<u8", "u32", big)
    plain("i8.tif", "i1", "i8", negative)
    plain("i16_lzw.tif", "<i2", "i16", negative * 300, compression="lzw", predictor=True)
    plain("i32.tif", "<i4", "i32", negative * 20_000_000)
    plain("f16.tif", "<f2", "f32")
    plain("f32_big_endian.tif", ">f4", "f32")
    plain("f32_predictor_tiles.tif", "<f4", "f32", compression="deflate", predictor=True, tile=(16, 16))
    plain("f64.tif", "<f8", "f32")
    plain("u16_bigtiff.tif", "<u2", "u16", bigtiff=True)
    plain("u8_packbits_strips.tif", "u1", "u8", compression="packbits", rowsperstrip=5)
    plain("u16_zstd.tif", "<u2", "u16", compression="zstd", rowsperstrip=4)
    plain("u8_tiles.tif", "u1", "u8", tile=(16, 16))
    for name in ("i8.tif", "i16_lzw.tif", "i32.tif"):
        expected[name]["labels_error"] = "expected labels"

    bits = formula(modulus=2)
    save("bilevel.tif", bits[0, 0].astype(bool), photometric="minisblack")
    expect("bilevel.tif", bits, bits[0, 0], bits=1)
    save("f32_fraction.tif", (formula()[0, 0] / 4).astype("f4"))
    expect("f32_fraction.tif", formula() / 4, "expected labels", "f32", bits=32)
    save("white_is_zero.tif", formula()[0, 0].astype("u1"), photometric="miniswhite")
    expect("white_is_zero.tif", 255 - formula(), formula()[0, 0], white_is_zero=True)
    table = np.array([[(5 * i + 40) % 256 * 256 for i in range(256)], [(9 * i) % 256 * 256 for i in range(256)],
                      [(255 - i) * 256 for i in range(256)]])
    index = formula()[0, 0]
    save("palette.tif", index.astype("u1"), photometric="palette", colormap=table.astype("u2"))
    expect("palette.tif", (table[:, index] // 256)[:, None], index, rgb=True, palette=True)

    rgb = formula(3)
    last = np.moveaxis(rgb[:, 0], 0, -1)
    save("rgb_tiles_deflate.tif", last.astype("u1"), photometric="rgb", tile=(16, 16), compression="deflate")
    expect("rgb_tiles_deflate.tif", rgb, "is RGB", rgb=True)
    save("rgb16_planar_lzw.tif", rgb[:, 0].astype("u2") * 200, photometric="rgb", planarconfig="separate",
         compression="lzw", predictor=True, rowsperstrip=6)
    expect("rgb16_planar_lzw.tif", rgb * 200, "is RGB", "u16", True, bits=16)
    save("rgb_planar_tiles.tif", rgb[:, 0].astype("u1"), photometric="rgb", planarconfig="separate", tile=(16, 16))
    expect("rgb_planar_tiles.tif", rgb, "is RGB", rgb=True)
    save("rgba.tif", np.moveaxis(formula(4)[:, 0], 0, -1).astype("u1"), photometric="rgb", extrasamples=["unassalpha"])
    expect("rgba.tif", formula(4)[:3], "is RGB", rgb=True, alpha=True)
    save("rgb_of_grey.tif", np.dstack([formula()[0, 0].astype("u1")] * 3), photometric="rgb")
    expect("rgb_of_grey.tif", formula(), formula()[0, 0])
    five = formula(5)
    save("five_samples.tif", np.moveaxis(five[:, 0], 0, -1).astype("u2"), photometric="minisblack", planarconfig="contig")
    expect("five_samples.tif", five, "5 channels", "u16", bits=16)
    rgb_stack = formula(3, 2)
    save("rgb_stack.tif", np.moveaxis(rgb_stack, 0, -1).astype("u1"), photometric="rgb")
    expect("rgb_stack.tif", rgb_stack, "is RGB", rgb=True)
    stack = formula(1, 4)
    save("stack.tif", stack[0].astype("u1"), photometric="minisblack")
    expect("stack.tif", stack, stack[0])

    # z, c, y, x, as ImageJ orders pages
    hyper = formula(2, 3)
    tifffile.imwrite(HERE / "imagej_hyperstack.tif", np.moveaxis(hyper, 0, 1).astype("u2"), imagej=True,
                     resolution=(1 / 0.325, 1 / 0.25), metadata={"axes": "ZCYX", "spacing": 1.5, "unit": "um"})
    expect("imagej_hyperstack.tif", hyper, "2 channels", "u16", spacing=(1.5, 0.25, 0.325), unit="um", bits=16)
    tifffile.imwrite(HERE / "imagej_stack.tif", stack[0].astype("f4"), imagej=True, resolution=(4, 4),
                     metadata={"axes": "ZYX", "spacing": 0.75, "unit": "\\u00B5m"})
    expect("imagej_stack.tif", stack, stack[0], "f32", spacing=(0.75, 0.25, 0.25), unit="um", bits=32)
    for axes in ("ZCYX", "CZYX", "CYX"):
        array = {"ZCYX": np.moveaxis(hyper, 0, 1), "CZYX": hyper, "CYX": hyper[:, 0]}[axes].astype("u1")
        image = hyper[:, :1] if axes == "CYX" else hyper
        options = {"photometric": "minisblack", "software": False}
        tifffile.imwrite(HERE / f"shaped_{axes.lower()}.tif", array, metadata={"axes": axes}, **options)
        expect(f"shaped_{axes.lower()}.tif", image, "2 channels")
        tifffile.imwrite(HERE / f"ome_{axes.lower()}.ome.tif", array, ome=True, **options,
                         metadata={"axes": axes, "PhysicalSizeX": 0.2, "PhysicalSizeY": 0.3, "PhysicalSizeZ": 700,
                                   "PhysicalSizeZUnit": "nm", "UUID": "urn:uuid:00000000-0000-0000-0000-000000000000"})
        expect(f"ome_{axes.lower()}.ome.tif", image, "2 channels", spacing=(0.7, 0.3, 0.2), unit="um")
    with tifffile.TiffWriter(HERE / "pyramid.tif") as writer:
        whole = formula()[0, 0].astype("u1")
        writer.write(whole, metadata=None, software=False)
        writer.write(whole[::2, ::2], subfiletype=1, metadata=None, software=False)
    expect("pyramid.tif", formula(), formula()[0, 0], images=2)
    save("centimetre.tif", formula()[0, 0].astype("u1"), resolution=(40000, 20000), resolutionunit="centimeter")
    expect("centimetre.tif", formula(), formula()[0, 0], spacing=(0, 0.5, 0.25), unit="um")
    save("print_300dpi.tif", formula()[0, 0].astype("u1"), resolution=(300, 300), resolutionunit="inch")
    expect("print_300dpi.tif", formula(), formula()[0, 0])


def make_refused():
    (HERE / "text.png").write_text("this is not an image")
    expect("text.png", "is neither PNG", "is neither PNG")
    (HERE / "empty.png").write_bytes(b"")
    expect("empty.png", "is neither PNG", "is neither PNG")
    (HERE / "a vendor.czi").write_bytes(b"ZISRAWFILE")
    expect("a vendor.czi", "bfconvert -noflat '", "_%s.ome.tif'")
    with tifffile.TiffWriter(HERE / "two_sizes.tif") as writer:
        for size in (8, 9):
            writer.write(np.zeros((size, 8), "u1"), metadata=None, software=False)
    expect("two_sizes.tif", "page 1 is 9x8", "page 1 is 9x8")
    tifffile.imwrite(HERE / "complex.tif", np.zeros((4, 4), "c8"), metadata=None, software=False)
    expect("complex.tif", "complex numbers", "complex numbers")

    def directory(entries, following):
        body = struct.pack("<H", len(entries))
        for tag, kind, value in entries:
            body += struct.pack("<HHII" if kind == 4 else "<HHIHxx", tag, kind, 1, value)
        return body + struct.pack("<I", following)

    def entries(height, width, compression, offset=200, count=64):
        return [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 1), (273, 4, offset),
                (277, 3, 1), (278, 4, height), (279, 4, count)]

    header = b"II*\0" + struct.pack("<I", 8)
    # 10^12 pixels in 4 KB, uncompressed and as deflate
    for name, compression in (("absurd.tif", 1), ("absurd_deflate.tif", 8)):
        (HERE / name).write_bytes((header + directory(entries(1_000_000, 1_000_000, compression), 0)).ljust(4096, b"\0"))
        expect(name, "cannot hold", "cannot hold")
    # the second directory names the first as the next one
    first = directory(entries(8, 8, 1), 8 + 114)
    (HERE / "cycle.tif").write_bytes((header + first + directory(entries(8, 8, 1), 8)).ljust(400, b"\0"))
    expect("cycle.tif", "not a readable TIFF", "not a readable TIFF")
    text = "ImageJ=1.53t\nimages=70000\nslices=70000\n"
    tifffile.imwrite(HERE / "imagej_above_4gb.tif", formula()[0, 0].astype("u1"), description=text, metadata=None,
                     software=False)
    expect("imagej_above_4gb.tif", "70000 page(s)", "cannot hold")
    tifffile.imwrite(HERE / "two_pages_called_three.tif", formula(1, 2)[0].astype("u1"), metadata=None, software=False,
                     photometric="minisblack", description="ImageJ=1.53t\nimages=3\nslices=3\n")
    expect("two_pages_called_three.tif", "3 slice(s)", "`axes` ZYX")
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 0, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"\0" * 1000)
    (HERE / "absurd.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (ihdr, idat, b"IEND")))
    expect("absurd.png", "cannot hold", "cannot hold")


HERE.mkdir(exist_ok=True)
make_png()
make_tiff()
make_stacks.make_more_tiff()
make_stacks.make_stacks()
make_other.make_jpeg()
make_other.make_nifti()
make_other.make_zarr()
make_refused()
(HERE / "expected.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()) + "\n}\n")
print(f"{len(expected)} files")
