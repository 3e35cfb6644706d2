"""What pages mean, and formats other than PNG and plain TIFF, from the command line."""
import gzip
import pathlib
import shutil
import struct
import unittest

import pictures
import program
from program import SMALL, ProgramTest

FILES = pathlib.Path(__file__).resolve().parents[1] / "image/files"


class Formats(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data(size=48)

    def one_channel_model(self):
        self.train()
        return "run/model.safetensors"

    def pages_of(self, name):
        return pictures.read_tiff(self.here / name)

    def test_info_tells_what_pages_are_and_who_says_so(self):
        told = self.run_unet("info", FILES / "ome_tczyx.ome.tif").stdout
        self.assertRegex(told, r"axes +T 2, C 2, Z 3, Y, X \(as OME says; --axes sets it\)")
        self.assertRegex(told, r"channel names +DAPI, GFP")
        facts = self.json_of("info", FILES / "ome_tczyx.ome.tif")
        self.assertEqual(list(facts["axes"].items()), [("T", 2), ("C", 2), ("Z", 3), ("Y", 8), ("X", 9)])
        self.assertRegex(self.run_unet("info", FILES / "stack.tif").stdout, r"axes +Z 4, .*does not say")
        self.assertNotIn("axes", self.run_unet("info", FILES / "u8.tif").stdout)
        self.assertRegex(self.run_unet("info", FILES / "ome_two_images.ome.tif").stdout, "images +2 in this file")
        self.assertRegex(self.run_unet("info", FILES / "u8.nii").stdout, "slices 2 mm apart")

    def test_slices_times_and_channels_are_picked(self):
        model = self.one_channel_model()
        series = FILES / "ome_tczyx.ome.tif"
        for flags, count in (([], 6), (["--z", "0,2"], 4), (["--t", "1"], 3), (["--z", "1", "--t", "1"], 1),
                             (["--pages", "0-4"], 5)):
            with self.subTest(flags):
                self.run_unet("predict", model, series, "--channel", "1", *flags, "--out", "out")
                self.assertEqual(len(self.pages_of("out/ome_tczyx.tif")), count)
        for words, flags in (("2 channel.*--channel", []),
                             ("channel 2 was asked for, but there are 2", ["--channel", "2"]),
                             ("time 2 was asked for, but there are 2", ["--channel", "1", "--t", "2"]),
                             ("--axes TZYX does not make", ["--axes", "TZYX"]),
                             ("found 'ZXY' for --axes", ["--axes", "ZXY"])):
            with self.subTest(words):
                failed = self.run_unet("predict", model, series, *flags, "--out", "none", status=1)
                self.assertRegex(failed.stderr, words)
                self.assertEqual(self.files("none"), {})
        self.refused("not both", "predict", model, series, "--t", "1", "--pages", "0", "--out", "none", status=2)

    def test_pages_that_a_file_says_nothing_of_can_be_channels(self):
        for path in sorted((self.here / "data/images").iterdir()):
            width, height = pictures.png_size(path)
            i = int(path.stem[-1])
            image, _ = pictures.discs(height, width, [(12 + i, 12), (14, 34 - i), (34, 20 + 2 * i)][:3 - i % 2], 6)
            pictures.write_tiff_stack(path.with_suffix(".tif"), [[[0] * width] * height, image])
            (self.here / path.name).write_bytes(path.read_bytes())
            path.unlink()
        self.refused("2x48x48 pixels", "train", "data", "--out", "none", "--steps", 1, *SMALL)
        flags = ["--axes", "CYX", "--channel", "1"]
        self.train(*flags)
        self.assertIn('axes = "CYX"', (self.here / "run/config.toml").read_text())
        model = self.json_of("info", "run/model.safetensors")
        self.assertEqual(model["network"]["in_channels"], 1)
        evaluated = self.json_of("evaluate", "run/model.safetensors", "data", *flags)
        self.assertEqual(len(evaluated["images"]), 4)
        # Channel 1 is the picture: as its PNG.
        self.run_unet("predict", "run", "data/images/disc 0.tif", *flags, "--what", "logits", "--out", "tif")
        self.run_unet("predict", "run", "disc 0.png", "--what", "logits", "--out", "png")
        for one, other in zip(self.pages_of("tif/disc 0.tif"), self.pages_of("png/disc 0.tif")):
            self.assertEqual(one.values, other.values)

    def test_jpeg_and_nifti_are_images(self):
        model = self.one_channel_model()
        (self.here / "in").mkdir()
        for name in ("photo.jpg", "u8.nii", "i16.nii.gz"):
            (self.here / "in" / name).write_bytes((FILES / name).read_bytes())
        self.run_unet("predict", model, "in", "--out", "out")
        self.assertEqual(sorted(self.files("out")), ["i16.tif", "photo.tif", "u8.tif"])
        self.assertEqual(len(self.pages_of("out/u8.tif")), 5)
        facts = self.json_of("info", "out/u8.tif")
        self.assertEqual((facts["spacing"], facts["unit"]), ([2.0, 0.75, 0.5], "mm"))

    def test_ome_zarr_is_an_image(self):
        model = self.one_channel_model()
        shutil.copytree(FILES / "zstd.zarr", self.here / "in/zstd.zarr")
        shutil.copytree(FILES / "series.ome.zarr", self.here / "series.ome.zarr")
        (self.here / "in/zstd.zarr/0/notes.png").write_bytes(b"inside")
        self.run_unet("predict", model, "in", "series.ome.zarr", "--channel", "0", "--out", "out")
        self.assertEqual(sorted(self.files("out")), ["series.tif", "zstd.tif"])
        self.assertEqual(len(self.pages_of("out/series.tif")), 6)
        self.assertRegex(self.run_unet("info", "series.ome.zarr").stdout, "T 2, C 2, Z 3, Y, X .as OME-Zarr says")
        before = self.files("series.ome.zarr")
        self.refused("read from this folder", "predict", model, "series.ome.zarr", "--channel", "0", "--out",
                     "series.ome.zarr")
        self.assertEqual(self.files("series.ome.zarr"), before)

    def test_nifti_results_have_the_place_of_their_input(self):
        model = self.one_channel_model()
        source = self.here / "scan.nii.gz"
        source.write_bytes((FILES / "i16.nii.gz").read_bytes())
        outcome = self.json_of("predict", model, source, "--format", "nifti", "--out", "out")
        self.assertEqual(outcome["outputs"][0]["objects"], "out/scan.nii.gz")
        before, after = (gzip.decompress((self.here / name).read_bytes())[:348] for name in ("scan.nii.gz", "out/scan.nii.gz"))
        self.assertEqual(before[76:108], after[76:108])    # pixdim
        self.assertEqual(before[252:328], after[252:328])  # qform, sform
        self.assertEqual(struct.unpack("<h", after[70:72]), (512,))  # 16 bits without sign
        self.run_unet("predict", model, source, "--out", "tif")
        self.run_unet("evaluate", "out/scan.nii.gz", "tif/scan.tif", "--labels", "instances")
        # Our own result is replaced, another file is not.
        self.run_unet("predict", model, source, "--format", "nifti", "--out", "out")
        (self.here / "out/scan.nii.gz").write_bytes(source.read_bytes())
        self.refused("unet did not write it", "predict", model, source, "--format", "nifti", "--out", "out")
        failed = self.run_unet("predict", model, FILES / "u16_series.nii.gz", "--pages", "0-3", "--format", "nifti",
                               "--out", "none", status=1)
        self.assertRegex(failed.stderr, "the objects have 4x17x23 pixels, .* has 3x17x23 and 2 time")
        self.assertEqual(self.files("none"), {})
        # Of other files the pixel size is known and no place.
        self.run_unet("predict", model, FILES / "ome_tczyx.ome.tif", "--channel", 0, "--format", "nifti", "--out", "new")
        facts = self.json_of("info", "new/ome_tczyx.nii")
        self.assertEqual((facts["axes"], facts["spacing"][1:], facts["unit"]),
                         ({"T": 2, "Z": 3, "Y": 8, "X": 9}, [0.5, 0.25], "um"))

    def test_every_format_is_written_and_read_again(self):
        model = self.one_channel_model()
        image, _ = pictures.discs(40, 50, [(12, 12), (25, 30)], 6)
        pictures.write_png(self.here / "a.png", image)
        for kind, bits in (("labels", 16), ("probabilities", 8)):
            self.run_unet("predict", model, "a.png", "--out", f"tif {kind}", "--what", kind, "--bits", bits)
            for form, ending in (("ome-tif", ".ome.tif"), ("ome-zarr", ".ome.zarr"), ("nifti", ".nii"), ("png", ".png")):
                with self.subTest(kind=kind, form=form):
                    flags = ["--out", f"{form} {kind}", "--what", kind, "--bits", bits, "--format", form]
                    entry, = self.json_of("predict", model, "a.png", *flags)["outputs"]
                    self.assertEqual(entry[kind], f"{form} {kind}/a{ending}")
                    before = self.files(f"{form} {kind}")
                    self.run_unet("predict", model, "a.png", *flags, "--tile", 16)  # replaces its own
                    self.assertEqual(self.files(f"{form} {kind}"), before)
                    facts = self.json_of("info", f"{form} {kind}/a{ending}")
                    self.assertEqual((facts["height"], facts["width"], facts["bits"]), (40, 50, bits))
                    if kind == "labels":
                        self.run_unet("evaluate", f"{form} labels/a{ending}", "tif labels/a.tif", "--labels", "classes")

    def test_what_a_format_cannot_hold_is_said(self):
        model = self.one_channel_model()
        for words, flags in (
                ("expected 8, 16 or 32", ["--bits", 12]),
                ("found --bits 16, expected 8 .* or 32", ["--what", "probabilities", "--bits", 16]),
                ("found --bits 8, expected 32: logits", ["--what", "logits", "--bits", 8]),
                ("png holds 8 or 16 bits", ["--what", "logits", "--format", "png"]),
                ("png holds 8 or 16 bits", ["--format", "png", "--bits", 32])):
            with self.subTest(words):
                self.refused(words, "predict", model, "data/images", "--out", "none", *flags, status=2)
        failed = self.run_unet("predict", model, FILES / "stack.tif", "--format", "png", "--out", "none", status=1)
        self.assertRegex(failed.stderr, "PNG holds one plane .* found 4 slice")
        (self.here / "mine").mkdir()
        pictures.write_png(self.here / "mine/disc 0.png", [[1, 2], [3, 4]])
        self.refused("unet did not write it", "predict", model, "data/images", "--format", "png", "--out", "mine")

    def test_files_of_makers_come_with_the_command_that_converts_them(self):
        command = r"bfconvert -noflat '[^']*it is\.czi' '[^']*it is_%s\.ome\.tif'"
        model = self.one_channel_model()
        (self.here / "in").mkdir()
        file = self.here / "in/it is.czi"
        file.write_bytes(b"ZISRAWFILE")
        for arguments in (["predict", model, file, "--out", "out"], ["predict", model, "in", "--out", "out"],
                          ["info", file], ["train", "in", self.here / "data/labels", "--out", "none"]):
            with self.subTest(arguments[0]):
                if arguments[0] == "train":
                    (self.here / "data/labels/it is.png").write_bytes(
                        (self.here / "data/labels/disc 0.png").read_bytes())
                self.refused(command, *arguments)
        self.assertFalse((self.here / "out").exists())


if __name__ == "__main__":
    program.main()
