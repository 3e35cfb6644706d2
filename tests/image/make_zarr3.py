"""Writes the files of Zarr version 3 in tests/image/files and files/expected_zarr3.json.

The chunks and the metadata come from zarr-python 3; metadata that it does not write, and damage, are
put in by hand below. Expected values are computed from the arrays that went in, never by reading a file. Run with numpy and
zarr (3 or above) installed:

    python3 tests/image/make_zarr3.py
"""

import json
import shutil
import struct
from unittest import mock

import numpy as np
import zarr
from zarr.codecs import (BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec)

from expectations import HEIGHT, HERE, WIDTH, expect, expected, formula

WHOLE = (HEIGHT, WIDTH)
PLANE = formula()[0, 0]
STACK = formula(1, 3)[0]
SOURCE = {"axes_source": "OME-Zarr"}


def write(folder, array, chunks, stored=None, **options):
    """An array; where `stored` is 0 nothing is written."""
    made = zarr.create_array(str(folder), shape=array.shape, dtype=array.dtype, chunks=chunks, zarr_format=3, **options)
    with mock.patch("time.time", return_value=0):  # gzip's
        if stored is None:
            made[...] = array
        else:
            for where in stored:
                made[where] = array[where]
    return made


def image(name, array, axes, chunks, scale=None, units="micrometer", ome=None, **options):
    """An OME-Zarr 0.5 image, the layout by hand."""
    shutil.rmtree(HERE / name, ignore_errors=True)
    root = zarr.create_group(str(HERE / name), zarr_format=3)
    kinds = {"t": "time", "c": "channel"}
    named = [{"name": a, "type": kinds.get(a, "space"), **({} if a in kinds else {"unit": units})} for a in axes]
    root.attrs["ome"] = {"version": "0.5", "multiscales": [{"axes": named, "datasets": [
        {"path": "0", "coordinateTransformations": [{"type": "scale", "scale": scale or [1] * len(axes)}]}]}], **(ome or {})}
    return write(HERE / name / "0", array, chunks, dimension_names=list(axes), **options)


def plain(name, array, chunks=WHOLE, axes="yx", **options):
    """An array alone, whose dimensions have names."""
    shutil.rmtree(HERE / name, ignore_errors=True)
    return write(HERE / name, array, chunks, dimension_names=list(axes) if axes else None, **options)


def change(name, **changes):
    """Replaces parts of an array's metadata."""
    path = HERE / name / "zarr.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def make_images():
    c, t, z, y, x = np.indices((2, 2, 3, HEIGHT, WIDTH))
    series = (7 * y + 13 * x + 31 * z + 57 * c + 101 * t) % 251
    whole = series.reshape(2, 6, HEIGHT, WIDTH)
    tczyx = np.ascontiguousarray(series.transpose(1, 0, 2, 3, 4)).astype("<u2")
    image("v3_series.ome.zarr", tczyx, "tczyx", (1, 1, 2, 10, 16), [1, 1, 2, 0.5, 0.25],
          ome={"omero": {"channels": [{"label": "DAPI"}, {"label": "GFP"}]}},
          compressors=BloscCodec(cname="lz4", clevel=5, shuffle="shuffle", typesize=2))
    expect("v3_series.ome.zarr", whole, "2 channels", "u16", spacing=(2, 0.5, 0.25), unit="um", bits=16,
           axes="T 2, C 2, Z 3", channel_names=["DAPI", "GFP"], **SOURCE)
    # Planes and channels in one shard; the last ones reach over the image's end.
    image("v3_sharded.ome.zarr", tczyx, "tczyx", (1, 1, 2, 4, 8), [1, 1, 700, 500, 250], "nanometer",
          shards=(1, 2, 4, 12, 16), compressors=ZstdCodec(level=3))
    expect("v3_sharded.ome.zarr", whole, "2 channels", "u16", spacing=(0.7, 0.5, 0.25), unit="um", bits=16,
           axes="T 2, C 2, Z 3", **SOURCE)
    # Chunks, and a whole shard, that were never written.
    sparse = np.full((3, HEIGHT, WIDTH), 7, "u1")
    parts = (np.s_[0:1, 0:8, 0:8], np.s_[1:2, 8:16, 8:16], np.s_[2:3, 0:8, 0:8])
    for part in parts:
        sparse[part] = STACK[part]
    image("v3_sparse_shards.zarr", sparse, "zyx", (1, 8, 8), units="pixel", shards=(1, 16, 16), fill_value=7, stored=parts,
          compressors=None)
    expect("v3_sparse_shards.zarr", sparse[None], sparse, axes="Z 3", **SOURCE)
    shifted = STACK.astype("i2") - 100
    image("v3_shard_start.zarr", shifted, "zyx", (3, HEIGHT + 3, WIDTH + 1), units="pixel", compressors=None,
          serializer=ShardingCodec(chunk_shape=(1, 5, 8), index_location="start", index_codecs=[BytesCodec(endian="big")],
                                   codecs=[TransposeCodec(order=(2, 0, 1)), BytesCodec(endian="big"), Crc32cCodec(),
                                           GzipCodec(level=5), Crc32cCodec()]))
    expect("v3_shard_start.zarr", shifted[None], "expected labels", "i16", bits=16, axes="Z 3", **SOURCE)
    # What bioformats2raw writes: images in a group.
    shutil.rmtree(HERE / "v3_layout.zarr", ignore_errors=True)
    root = zarr.create_group(str(HERE / "v3_layout.zarr"), zarr_format=3)
    root.attrs["ome"] = {"version": "0.5", "bioformats2raw.layout": 3}
    image("v3_layout.zarr/0", PLANE.astype("u1"), "yx", (8, 8), [0.5, 0.5])
    expect("v3_layout.zarr", PLANE[None, None], PLANE[None], spacing=(0, 0.5, 0.5), unit="um")


def make_arrays():
    """Every type, with and without chunks that are stored, in every way of naming them."""
    top = [np.s_[0:8, 0:8]]

    def sparse(fill, dtype):
        array = np.full(WHOLE, fill, dtype)
        array[top[0]] = PLANE[top[0]]
        return array

    no_labels = "expected labels"
    for dtype, kind, bits in (("i1", "i8", 8), ("<i4", "i32", 32), ("<i8", "i32", 64), ("<u4", "u32", 32),
                              ("<u8", "u32", 64), ("<f8", "f32", 64)):
        array = (PLANE // 2).astype(dtype)
        name = f"v3_{array.dtype}.zarr"
        plain(name, array, serializer=BytesCodec(endian="little" if bits == 8 else "big"), filters=[TransposeCodec(order=(1, 0))],
              compressors=[GzipCodec(level=5), Crc32cCodec()])
        expect(name, array[None, None], array[None], kind, bits=bits)
    array = PLANE % 2 == 1
    plain("v3_bool.zarr", array, (8, 8), chunk_key_encoding={"name": "v2", "separator": "."})
    expect("v3_bool.zarr", array[None, None], array[None])
    array = sparse(np.nan, "<f4")
    plain("v3_nan.zarr", array, (8, 8), fill_value=np.nan, stored=top, chunk_key_encoding={"name": "default", "separator": "."})
    expect("v3_nan.zarr", array[None, None], no_labels, "f32", bits=32)
    array = sparse(-np.inf, "<f8")
    plain("v3_infinity.zarr", array, (8, 8), fill_value=-np.inf, stored=top, chunk_key_encoding={"name": "v2", "separator": "/"})
    expect("v3_infinity.zarr", array[None, None], no_labels, "f32", bits=64)
    array = sparse(0.3, "<f2")
    plain("v3_float16.zarr", array, (8, 8), fill_value=0, stored=top)
    change("v3_float16.zarr", fill_value=0.3)  # rounded up to a float of 16 bits
    expect("v3_float16.zarr", array[None, None], no_labels, "f32", bits=16)
    array = sparse(np.float32(np.pi), "<f4")
    plain("v3_digits.zarr", array, (8, 8), fill_value=0, stored=top)
    change("v3_digits.zarr", fill_value=f"0x{np.float32(np.pi).view('u4'):08x}")
    expect("v3_digits.zarr", array[None, None], no_labels, "f32", bits=32)
    array = sparse(2**63 + 2**40, "<u8")
    plain("v3_large_fill.zarr", array, (8, 8), fill_value=2**63 + 2**40, stored=top)
    expect("v3_large_fill.zarr", array[None, None], no_labels, "u32", bits=64)


def make_version_2():
    """Of version 2 what zarr-python 3 writes: Fortran's order, a fill value that is no number."""
    name, array = "v2_fortran.zarr", STACK.astype("<f4")
    array[:, 8:] = np.nan
    shutil.rmtree(HERE / name, ignore_errors=True)
    root = zarr.create_group(str(HERE / name), zarr_format=2)
    root.attrs["multiscales"] = [{"version": "0.4", "axes": [{"name": a, "type": "space"} for a in "zyx"],
                                  "datasets": [{"path": "0"}]}]
    made = zarr.create_array(str(HERE / name / "0"), shape=array.shape, dtype=array.dtype, chunks=(2, 8, 7), zarr_format=2,
                             order="F", fill_value=np.nan, compressors=None)
    made[:, :8] = array[:, :8]
    expect(name, array[None], "expected labels", "f32", bits=32, axes="Z 3", **SOURCE)


def make_refused():
    def refused(name, part, late=False):
        expect(name, part, part, **({"late": True} if late else {}))

    small = PLANE[:8, :8].astype("u1")
    plain("v3_no_axes.zarr", small, (8, 8), axes=None)
    refused("v3_no_axes.zarr", "without a description of its axes")
    plain("v3_codec.zarr", small, (8, 8), compressors=None)
    change("v3_codec.zarr", codecs=[{"name": "bytes"}, {"name": "zfp", "configuration": {"rate": 8}}])
    refused("v3_codec.zarr", "codec 'zfp'")
    plain("v3_transformer.zarr", small, (8, 8))
    change("v3_transformer.zarr", storage_transformers=[{"name": "mirror"}])
    refused("v3_transformer.zarr", "storage transformer 'mirror'")
    plain("v3_grid.zarr", small, (8, 8))
    change("v3_grid.zarr", chunk_grid={"name": "rectilinear", "configuration": {"chunk_shapes": [[4, 4], [8]]}})
    refused("v3_grid.zarr", "grid 'rectilinear'")
    plain("v3_complex.zarr", small.astype("<c8"), (8, 8))
    refused("v3_complex.zarr", "type 'complex64'")
    plain("v3_checksum.zarr", small, (8, 8), compressors=Crc32cCodec())
    chunk = HERE / "v3_checksum.zarr/c/0/0"
    content = bytearray(chunk.read_bytes())
    content[3] ^= 1
    chunk.write_bytes(content)
    refused("v3_checksum.zarr", "chunk c/0/0 has a wrong checksum", late=True)
    plain("v3_index_checksum.zarr", small, (4, 4), shards=(8, 8), compressors=None)
    chunk = HERE / "v3_index_checksum.zarr/c/0/0"
    content = bytearray(chunk.read_bytes())
    content[-1] ^= 1
    chunk.write_bytes(content)
    refused("v3_index_checksum.zarr", "list of its chunks has a wrong checksum", late=True)
    # Entries of an index without checksum, by hand: the second chunk of four ends beyond the file.
    plain("v3_index_beyond.zarr", small, (8, 8), compressors=None,
          serializer=ShardingCodec(chunk_shape=(4, 4), codecs=[BytesCodec()], index_codecs=[BytesCodec(endian="little")]))
    chunk = HERE / "v3_index_beyond.zarr/c/0/0"
    content = bytearray(chunk.read_bytes())
    struct.pack_into("<QQ", content, len(content) - 48, 2**64 - 8, 16)
    chunk.write_bytes(content)
    refused("v3_index_beyond.zarr", "chunk 1 ends beyond", late=True)


make_images()
make_arrays()
make_version_2()
make_refused()
(HERE / "expected_zarr3.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()) + "\n}\n")
print(f"{len(expected)} files")
