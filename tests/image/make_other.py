"""Files of other formats for make_files.py: JPEG, NIfTI, OME-Zarr."""

import json
import shutil
import struct

import nibabel
import numcodecs
import numpy as np
import tifffile
import zarr
from PIL import Image

from expectations import HEIGHT, HERE, WIDTH, expect, formula


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


def without_time(packed):
    """A gzip file says when it was made."""
    return packed[:4] + b"\0" * 4 + packed[8:]


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
    for chunk in (HERE / "gzip_names.zarr/0").glob("*.0.0"):
        chunk.write_bytes(without_time(chunk.read_bytes()))
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
