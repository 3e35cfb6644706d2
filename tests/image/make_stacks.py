"""TIFF files for make_files.py: less usual samples, and what pages mean."""

import struct

import numpy as np
import tifffile

from expectations import HEIGHT, HERE, WIDTH, expect, expected, formula


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
    expect("aperio.tif", formula(), whole[0], "u16", bits=16, images=3)
