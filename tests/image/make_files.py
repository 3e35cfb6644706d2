"""Writes tests/image/files and files/expected.json.

The image files come from tifffile, Pillow, nibabel and (for kinds that none of them writes: PNG of 2
and 4 bit grey, of 16 bit RGB, Adam7 interlacing; TIFF of 24 bits) from the few lines below. Expected
values are computed from the arrays that went in, never by reading a file; but for JPEG, whose values
are those that Pillow reads. Run with numpy, tifffile, imagecodecs, pillow, nibabel and zarr (below 3)
installed:

    python3 tests/image/make_files.py
"""

import json
import pathlib
import shutil
import struct
import zlib

import nibabel
import numcodecs
import numpy as np
import tifffile
import zarr
from PIL import Image

HERE = pathlib.Path(__file__).parent / "files"
HEIGHT, WIDTH = 17, 23
expected = {}


def fnv(values):
    """FNV-1a, 64 bit, of the bytes of float32 or uint32 values."""
    state = 0xCBF29CE484222325
    for byte in values.tobytes():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def formula(channels=1, depth=1, modulus=251):
    """C, D, H, W: (7 y + 13 x + 31 z + 57 c) mod modulus."""
    c, z, y, x = np.indices((channels, depth, HEIGHT, WIDTH))
    return (7 * y + 13 * x + 31 * z + 57 * c) % modulus


def expect(name, image=None, labels=None, kind="u8", rgb=False, spacing=(0, 0, 0), unit="", **more):
    """`image`: C, D, H, W as read_image gives it; `labels`: D, H, W; a string is a part of the error."""
    entry = {"type": kind, "rgb": rgb, "spacing": list(spacing), "unit": unit, **more}
    if isinstance(image, str):
        entry["image_error"] = image
    else:
        image = np.ascontiguousarray(image, dtype="<f4")
        entry["shape"], entry["image"] = list(image.shape), fnv(image)
    if isinstance(labels, str):
        entry["labels_error"] = labels
    elif labels is not None:
        entry["labels"] = fnv(np.ascontiguousarray(labels, dtype="<u4"))
    expected[name] = entry


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
    expect("pyramid.tif", formula(), formula()[0, 0])
    save("centimetre.tif", formula()[0, 0].astype("u1"), resolution=(40000, 20000), resolutionunit="centimeter")
    expect("centimetre.tif", formula(), formula()[0, 0], spacing=(0, 0.5, 0.25), unit="um")
    save("print_300dpi.tif", formula()[0, 0].astype("u1"), resolution=(300, 300), resolutionunit="inch")
    expect("print_300dpi.tif", formula(), formula()[0, 0])


def make_more_tiff():
    """Less usual samples and compressions."""

    def save(name, array, kind, **options):
        tifffile.imwrite(HERE / name, array, metadata=None, software=False, **options)
        expect(name, array.astype("f8")[None, None], None if array.min() < 0 else array, kind,
               bits=options.get("bitspersample", array.dtype.itemsize * 8))
        if array.min() < 0:
            expected[name]["labels_error"] = "expected labels"

    plane = formula()[0, 0]
    wide = plane * 261
    negative = (plane - 100) * 20_000_000
    for bits in (3, 10, 12):
        save(f"u{bits}.tif", (plane * 997 % 2**bits).astype("u1" if bits < 8 else "u2"), "u8" if bits < 8 else "u16",
             bitspersample=bits, photometric="minisblack")
    save("i64.tif", negative.astype("<i8"), "i32")
    save("u16_predictor_big_endian.tif", wide.astype(">u2"), "u16", compression="lzw", predictor=True, rowsperstrip=5)
    save("u32_predictor.tif", (plane * 17_000_003).astype("<u4"), "u32", compression="deflate", predictor=True)
    save("f16_predictor.tif", plane.astype("<f2"), "f32", compression="deflate", predictor=True)
    save("f64_predictor_big_endian.tif", plane.astype(">f8"), "f32", compression="deflate", predictor=True, tile=(16, 16))
    save("u8_lzma.tif", plane.astype("u1"), "u8", compression="lzma")
    save("u16_zstd_tiles_bigtiff.tif", wide.astype(">u2"), "u16", compression="zstd", tile=(16, 16), bigtiff=True)

    five = formula(5)
    tifffile.imwrite(HERE / "five_planes_packbits.tif", five[:, 0].astype("u2"), photometric="minisblack",
                     planarconfig="separate", compression="packbits", metadata=None, software=False)
    expect("five_planes_packbits.tif", five, "5 channels", "u16", bits=16)
    # 24 bits, big-endian, by hand: no program here writes them
    raw = b"".join(struct.pack(">I", int(value) * 65_003)[1:] for value in plane.reshape(-1))
    tags = [(256, 4, WIDTH), (257, 4, HEIGHT), (258, 3, 24), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, HEIGHT), (279, 4, len(raw))]
    body = struct.pack(">H", len(tags)) + b"".join(
        struct.pack(">HHII" if kind == 4 else ">HHIHxx", tag, kind, 1, value) for tag, kind, value in tags)
    (HERE / "u24_big_endian.tif").write_bytes(b"MM\0*" + struct.pack(">I", 8 + len(raw)) + raw + body + b"\0" * 4)
    expect("u24_big_endian.tif", formula() * 65_003, plane * 65_003, "u32", bits=24)


def make_stacks():
    """Axes: T, Z, C in every order, one directory for all planes, pyramids, several images."""
    c, t, z, y, x = np.indices((2, 2, 3, 8, 9))
    series = (7 * y + 13 * x + 31 * z + 57 * c + 101 * t) % 251
    image = series.reshape(2, 6, 8, 9)  # C, T and Z, Y, X
    array = {"T": 1, "Z": 2, "C": 0, "Y": 3, "X": 4}

    def stored(axes, dtype="u1"):
        return np.ascontiguousarray(series.transpose([array[letter] for letter in axes])).astype(dtype)

    plain = {"photometric": "minisblack", "software": False}
    lengths = {"T": 2, "Z": 3, "C": 2}
    for axes in ("TZCYX", "TCZYX", "ZTCYX", "ZCTYX", "CTZYX", "CZTYX"):
        text = ", ".join(f"{letter} {lengths[letter]}" for letter in axes[:3])
        name = f"ome_{axes.lower()}.ome.tif"
        tifffile.imwrite(HERE / name, stored(axes), ome=True, **plain,
                         metadata={"axes": axes, "PhysicalSizeX": 2500, "PhysicalSizeXUnit": "Å", "PhysicalSizeY": 0.0005,
                                   "PhysicalSizeYUnit": "mm", "Channel": {"Name": ["DAPI", "GFP"]},
                                   "UUID": "urn:uuid:00000000-0000-0000-0000-000000000000"})
        expect(name, image, "2 channels", spacing=(0, 0.5, 0.25), unit="um", axes=text, axes_source="OME",
               channel_names=["DAPI", "GFP"])
    hyper = {"imagej": True, "resolution": (4, 2), "metadata": {"axes": "TZCYX", "spacing": 1.5, "unit": "nm"}}
    tifffile.imwrite(HERE / "imagej_tzcyx.tif", stored("TZCYX", ">u2"), **hyper)
    # One directory, then raw planes: what ImageJ writes above 4 GB.
    tifffile.imwrite(HERE / "imagej_raw_planes.tif", stored("TZCYX", ">u2"), truncate=True, **hyper)
    for name in ("imagej_tzcyx.tif", "imagej_raw_planes.tif"):
        expect(name, image, "2 channels", "u16", spacing=(1.5, 0.5, 0.25), unit="nm", bits=16, axes="T 2, Z 3, C 2",
               axes_source="ImageJ")
    tifffile.imwrite(HERE / "shaped_raw_planes.tif", stored("CZTYX", "<f4"), truncate=True, metadata={"axes": "CZTYX"},
                     **plain)
    expect("shaped_raw_planes.tif", image, "2 channels", "f32", bits=32, axes="C 2, Z 3, T 2", axes_source="tifffile")
    cut = (HERE / "shaped_raw_planes.tif").read_bytes()
    (HERE / "raw_planes_cut.tif").write_bytes(cut[:-1])
    expect("raw_planes_cut.tif", "ends before its page 11", "2 channels", late=True)

    whole = formula(1, 3)[0].astype("u2")
    with tifffile.TiffWriter(HERE / "ome_pyramid.ome.tif", ome=True) as writer:
        options = {"photometric": "minisblack", "tile": (16, 16), "compression": "deflate"}
        writer.write(whole, subifds=2, metadata={"axes": "ZYX", "PhysicalSizeX": 0.2, "PhysicalSizeY": 0.2, "UUID": "u"},
                     **options)
        for step in (2, 4):
            writer.write(whole[:, ::step, ::step], subfiletype=1, **options)
    expect("ome_pyramid.ome.tif", formula(1, 3), whole, "u16", spacing=(0, 0.2, 0.2), unit="um", bits=16, axes="Z 3",
           axes_source="OME")
    with tifffile.TiffWriter(HERE / "ome_two_images.ome.tif", ome=True) as writer:
        writer.write(whole[:2], photometric="minisblack", metadata={"axes": "ZYX", "UUID": "u"})
        writer.write(np.zeros((5, 6, 3), "u1"), photometric="rgb", metadata={"axes": "YXS", "UUID": "u"})
    expect("ome_two_images.ome.tif", formula(1, 2), whole[:2], "u16", bits=16, axes="Z 2", axes_source="OME", images=2)
    rgb = formula(3, 2)
    tifffile.imwrite(HERE / "ome_rgb.ome.tif", np.moveaxis(rgb, 0, -1).astype("u1"), ome=True, photometric="rgb",
                     metadata={"axes": "ZYXS", "UUID": "u"})
    expect("ome_rgb.ome.tif", rgb, "is RGB", rgb=True, axes="Z 2", axes_source="OME")
    tifffile.imwrite(HERE / "ome_elsewhere.ome.tif", whole[0], metadata=None, description=(
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0"><Pixels '
        'DimensionOrder="XYZCT" SizeC="1" SizeT="1" SizeX="23" SizeY="17" SizeZ="2" Type="uint16"><TiffData IFD="0" '
        'PlaneCount="1"/><TiffData IFD="0" FirstZ="1" PlaneCount="1"><UUID FileName="b.ome.tif">urn:uuid:2</UUID>'
        "</TiffData></Pixels></Image></OME>"))
    expect("ome_elsewhere.ome.tif", "in other files", "in other files")
    # A slide scanner's file: the slide, a thumbnail and smaller levels in one chain.
    with tifffile.TiffWriter(HERE / "aperio.tif") as writer:
        for step in (1, 4, 2):
            writer.write(whole[0, ::step, ::step], metadata=None, software=False,
                         description="Aperio Image Library v10" if step == 1 else "")
    expect("aperio.tif", formula(), whole[0], "u16", bits=16)


def make_jpeg():
    y, x = np.indices((HEIGHT, WIDTH))
    colours = Image.fromarray(np.dstack([7 * y, 5 * x, 3 * y + 4 * x]).astype("u1"))
    grey = Image.fromarray(formula()[0, 0].astype("u1"))
    is_jpeg = "is a JPEG"
    grey.save(HERE / "photo.jpg", dpi=(25400, 25400))
    expect("photo.jpg", np.array(Image.open(HERE / "photo.jpg"))[None, None], is_jpeg, spacing=(0, 1, 1), unit="um")
    colours.save(HERE / "colours.jpg", subsampling=0)
    colours.save(HERE / "progressive.jpg", subsampling=2, progressive=True)
    for name in ("colours.jpg", "progressive.jpg"):
        expect(name, np.moveaxis(np.array(Image.open(HERE / name)), -1, 0)[:, None], is_jpeg, rgb=True)
    colours.convert("CMYK").save(HERE / "cmyk.jpg")
    expect("cmyk.jpg", "4 colours", "4 colours")
    inside = "compressed as JPEG"
    grey.save(HERE / "jpeg_inside.tif", compression="jpeg")
    expect("jpeg_inside.tif", np.array(Image.open(HERE / "jpeg_inside.tif"))[None, None], inside)
    tifffile.imwrite(HERE / "jpeg_rgb_tiles.tif", np.array(colours), photometric="rgb", tile=(16, 16), metadata=None,
                     software=False, compression="jpeg", compressionargs={"level": 90})
    expect("jpeg_rgb_tiles.tif", np.moveaxis(tifffile.imread(HERE / "jpeg_rgb_tiles.tif"), -1, 0)[:, None], inside, rgb=True)


def make_nifti():
    def save(name, array, kind, image=None, labels=None, units=("mm", None), zooms=None, version=1, scale=None, **more):
        form = nibabel.Nifti1Image if version == 1 else nibabel.Nifti2Image
        file = form(array, np.diag([0.5, 0.75, 2.0, 1.0]), dtype=array.dtype)
        file.header.set_xyzt_units(*units)
        if zooms is not None:
            file.header.set_zooms(zooms)
        if scale is not None:
            file.header.set_slope_inter(*scale)
        nibabel.save(file, HERE / name)
        values = array.astype("f8") if image is None else image
        if image is None:  # x, y, z, t to (t, z), y, x
            values = values.reshape(values.shape + (1,) * (4 - values.ndim))
            values = values.transpose(3, 2, 1, 0).reshape(1, -1, HEIGHT, WIDTH)
        spacing = {"spacing": (2, 0.75, 0.5), "unit": "mm", **more}
        expect(name, values, values[0] if labels is None else labels, kind, **spacing)

    volume = np.ascontiguousarray(formula(1, 5)[0].transpose(2, 1, 0))  # x, y, z
    stack = {"axes": "Z 5", "axes_source": "NIfTI"}
    save("u8.nii", volume.astype("u1"), "u8", **stack)
    save("i16.nii.gz", (volume * 100 - 9000).astype("i2"), "i16", labels="expected labels", bits=16, **stack)
    save("f32_two.nii.gz", volume.astype("f4"), "f32", version=2, units=("micron", "sec"), unit="um", bits=32, **stack)
    save("f64_big_endian.nii", volume.astype(">f8"), "f32", bits=64, **stack)
    series = np.stack([volume[..., :3], volume[..., 2:]], -1)
    save("u16_series.nii.gz", series.astype("u2"), "u16", bits=16, axes="T 2, Z 3", axes_source="NIfTI")
    plane = volume[..., 0]
    save("plane.nii", plane.astype("i4"), "i32", spacing=(2, 0.75, 0.5), bits=32)
    save("channels.nii.gz", np.stack([plane, plane + 1, plane + 2], -1)[:, :, None, None].astype("u1"), "u8",
         image=np.stack([plane.T, plane.T + 1, plane.T + 2])[:, None], labels="3 channels", axes="C 3", axes_source="NIfTI")
    save("no_units.nii", volume.astype("u1"), "u8", units=(None, None), zooms=(1, 1, 1), spacing=(0, 0, 0), unit="", **stack)

    rgb = np.ascontiguousarray(np.moveaxis(formula(3, 2).astype("u1"), 0, -1).transpose(2, 1, 0, 3))
    colours = rgb.view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
    save("rgb.nii.gz", colours, "u8", image=formula(3, 2), labels="is RGB", rgb=True, axes="Z 2", axes_source="NIfTI")

    scaled = nibabel.Nifti1Image(volume.astype("u1"), np.eye(4))
    scaled.header.set_xyzt_units("mm")
    scaled.header["scl_slope"], scaled.header["scl_inter"] = 0.5, -1
    data = bytearray(scaled.to_bytes())
    struct.pack_into("<ff", data, 112, 0.5, -1)
    (HERE / "scaled.nii").write_bytes(data)
    expect("scaled.nii", (volume * 0.5 - 1).transpose(2, 1, 0)[None], "expected labels", "f32", spacing=(1, 1, 1), unit="mm",
           **stack)
    # Claims: planes that the file cannot hold, a length below zero, pixels in another file.
    for name, offset, form, value, why in (("absurd.nii", 42, "<hhh", (32000, 32000, 32000), "cannot hold"),
                                           ("negative.nii", 46, "<h", (-5,), "dimension 3"),
                                           ("pair.nii", 344, "<4s", (b"ni1\0",), "second file"),
                                           ("complex.nii", 70, "<hh", (32, 64), "data type")):
        broken = bytearray((HERE / "u8.nii").read_bytes())
        struct.pack_into(form, broken, offset, *value)
        (HERE / name).write_bytes(broken)
        expect(name, why, why)


def make_zarr():
    """OME-Zarr 0.4, the layout by hand, the chunks by zarr (version 2)."""
    c, t, z, y, x = np.indices((2, 2, 3, HEIGHT, WIDTH))
    series = (7 * y + 13 * x + 31 * z + 57 * c + 101 * t) % 251
    image = series.reshape(2, 6, HEIGHT, WIDTH)
    place = {"c": 0, "t": 1, "z": 2, "y": 3, "x": 4}

    def save(name, array, axes, chunks, scale, units="micrometer", axes_form=None, **options):
        shutil.rmtree(HERE / name, ignore_errors=True)
        root = zarr.open_group(str(HERE / name), mode="w")
        root.create_dataset("0", data=array, chunks=chunks, **options)
        kinds = {"t": "time", "c": "channel"}
        named = [{"name": a, "type": kinds.get(a, "space"), **({} if a in kinds else {"unit": units})} for a in axes]
        root.attrs["multiscales"] = [{"version": "0.4", "axes": axes_form or named, "datasets": [
            {"path": "0", "coordinateTransformations": [{"type": "scale", "scale": scale}]}]}]
        return root

    def stored(axes, dtype):
        return series.transpose([place[axis] for axis in axes]).astype(dtype)

    source = {"axes_source": "OME-Zarr"}
    root = save("series.ome.zarr", stored("tczyx", "<u2"), "tczyx", (1, 1, 2, 10, 16), [1, 1, 2, 0.5, 0.25],
                compressor=numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE), dimension_separator="/")
    root.attrs["omero"] = {"channels": [{"label": "DAPI"}, {"label": "GFP"}]}
    expect("series.ome.zarr", image, "2 channels", "u16", spacing=(2, 0.5, 0.25), unit="um", bits=16,
           axes="T 2, C 2, Z 3", channel_names=["DAPI", "GFP"], **source)
    save("big_endian.zarr", stored("ctzyx", ">f4"), "ctzyx", (2, 1, 3, 17, 23), [1, 1, 700, 500, 250],
         units="nanometer", compressor=numcodecs.Zlib(5))
    expect("big_endian.zarr", image, "2 channels", "f32", spacing=(0.7, 0.5, 0.25), unit="um", bits=32,
           axes="C 2, T 2, Z 3", **source)
    stack = formula(1, 3)[0]
    save("zstd.zarr", stack.astype("u1"), "zyx", (2, 8, 8), [1, 1, 1], units="pixel", compressor=numcodecs.Zstd(3))
    expect("zstd.zarr", stack[None], stack, axes="Z 3", **source)
    # chunks of one value, the fill value, are not stored
    sparse = np.full((HEIGHT, WIDTH), 7, "u1")
    sparse[:8, :8] = stack[0, :8, :8]
    save("plain.zarr", sparse, "yx", (8, 8), [1, 1], units="pixel", compressor=None, fill_value=7, write_empty_chunks=False)
    expect("plain.zarr", sparse[None, None], sparse[None])
    save("gzip_names.zarr", stack.astype("i2") - 100, "zyx", (1, 17, 23), [1, 2, 2], axes_form=["z", "y", "x"],
         compressor=numcodecs.GZip(5))
    expect("gzip_names.zarr", stack[None] - 100, "expected labels", "i16", bits=16, axes="Z 3", **source)
    whole = (HEIGHT, WIDTH)
    save("lzma.zarr", sparse, "yx", whole, [1, 1], compressor=numcodecs.LZMA())
    expect("lzma.zarr", "compressed by 'lzma'", "compressed by 'lzma'")
    save("cut.zarr", sparse, "yx", whole, [1, 1], compressor=numcodecs.Blosc())
    chunk = HERE / "cut.zarr/0/0.0"
    chunk.write_bytes(chunk.read_bytes()[:-1])
    expect("cut.zarr", "chunk 0.0 is damaged", "chunk 0.0 is damaged", late=True)
    save("absurd.zarr", sparse, "yx", whole, [1, 1])
    array = json.loads((HERE / "absurd.zarr/0/.zarray").read_text())
    (HERE / "absurd.zarr/0/.zarray").write_text(json.dumps({**array, "shape": [2**31, 2**31]}))
    expect("absurd.zarr", "claims 1 planes", "claims 1 planes")
    save("outside.zarr", sparse, "yx", whole, [1, 1]).attrs["multiscales"] = [{"datasets": [{"path": "../plain.zarr/0"}]}]
    expect("outside.zarr", "lies outside", "lies outside")


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
    expect("two_pages_called_three.tif", "3 slice(s)", "--axes ZYX")
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", 1_000_000, 1_000_000, 8, 0, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"\0" * 1000)
    (HERE / "absurd.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (ihdr, idat, b"IEND")))
    expect("absurd.png", "cannot hold", "cannot hold")


HERE.mkdir(exist_ok=True)
make_png()
make_tiff()
make_more_tiff()
make_stacks()
make_jpeg()
make_nifti()
make_zarr()
make_refused()
(HERE / "expected.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()) + "\n}\n")
print(f"{len(expected)} files")
