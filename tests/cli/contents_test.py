"""What a file holds beside what is read of it: every verb tells it, and a flag takes it; OME-Zarr however it is named.

The files of tests/golden/cases were written by tifffile and zarr-python (make.py beside them)."""
import csv
import json
import pathlib
import shutil
import struct
import unittest
import zlib

import pictures
import program
from program import SMALL, ProgramTest

FILES = pathlib.Path(__file__).resolve().parents[1] / "image/files"
CASES = pathlib.Path(__file__).resolve().parents[1] / "golden/cases"
SERIES = r"it holds 2 images: 0 'A' \(40x50\), 1 'B' \(40x50\); 0 is read, --series takes another"


class Contents(ProgramTest):
    def setUp(self):
        super().setUp()
        for folder in CASES.iterdir():
            shutil.copytree(folder, self.here / folder.name)

    def measured(self, labels, image, *flags):
        """{label: row} of `unet measure`."""
        self.run_unet("measure", labels, "--image", image, "--out", "o.csv", *flags)
        with open(self.here / "o.csv", newline="", encoding="utf-8") as file:
            return {int(row["label"]): row for row in csv.DictReader(file)}

    def model(self):
        self.make_data(size=48)
        self.train()
        return "run/model.safetensors"

    def test_a_fourth_sample_is_told_and_can_be_taken(self):
        for name in ("four.tif", "four_grey_alpha.tif"):
            with self.subTest(name):
                file, ids = f"four-channels/{name}", "ome-no-root-uuid/ids.tif"
                facts = self.json_of("info", file)
                self.assertEqual((facts["channels"], facts["alpha"]), (3, True))
                self.assertRegex(facts["notes"][0], "transparency, which is left out; --channel 3 takes it")
                self.assertIn("--channel 0-3 all", self.run_unet("info", file).stdout)
                self.assertEqual(self.json_of("info", file, "--channel", "0-3")["channels"], 4)
                self.assertEqual(self.json_of("info", file, "--channel", "0-3")["notes"], [])
                # make.py: channel c of pixel i is i + c, of the last i + 200.
                rows = self.measured(ids, file, "--channel", "3")
                self.assertEqual({label: float(row["intensity_mean"]) for label, row in rows.items()},
                                 {label: label - 1 + 200.0 for label in range(1, 49)})
                measured = self.json_of("measure", ids, "--image", file, "--out", "o.csv")["measured"][0]
                self.assertRegex(measured["notes"][0], f"^{name}: .*--channel 3 takes it")

    def test_a_name_goes_before_a_number_and_what_is_taken_is_told(self):
        images = "".join(f'<Image Name="{name}"><Pixels DimensionOrder="XYCZT" SizeX="8" SizeY="6" SizeZ="1" SizeC="1" '
                         f'SizeT="1" Type="uint8"><TiffData IFD="{i}" PlaneCount="1"/></Pixels></Image>'
                         for i, name in enumerate("312"))
        pictures.write_tiff_stack(self.here / "n.ome.tif", [[[value] * 8] * 6 for value in (10, 20, 30)],
                                  description=f"<OME>{images}</OME>")
        pictures.write_tiff_stack(self.here / "one.tif", [[[1] * 8] * 6])
        # The images are called 3, 1, 2: a number counts where no image has it for a name.
        for series, image, value in (("3", "0 '3'", 10), ("1", "1 '1'", 20), ("2", "2 '2'", 30), ("0", "0 '3'", 10)):
            with self.subTest(series):
                row, = self.measured("one.tif", "n.ome.tif", "--series", series).values()
                self.assertEqual(float(row["intensity_mean"]), value)
                note, = self.json_of("info", "n.ome.tif", "--series", series)["notes"]
                self.assertEqual(note, f"--series {series}: image {image} of 3 is read")

    def test_planes_of_an_ome_image_are_those_of_its_channels_too(self):
        pixels = ('<Pixels DimensionOrder="XYCZT" SizeX="8" SizeY="6" SizeZ="1" SizeC="2" SizeT="1" Type="uint8">'
                  '<TiffData IFD="{}" PlaneCount="2"/></Pixels>')
        images = "".join(f'<Image Name="{i}">{pixels.format(2 * i)}</Image>' for i in range(2))
        pictures.write_tiff_stack(self.here / "c.ome.tif", [[[1] * 8] * 6] * 4, description=f"<OME>{images}</OME>")
        self.assertEqual([each["planes"] for each in self.json_of("info", "c.ome.tif")["series_list"]], [2, 2])

    def test_a_level_of_an_ome_zarr_that_is_not_called_so(self):
        shutil.copytree(self.here / "zarr-paths/img.zarr", self.here / "plain")
        for level in ("0", "labels/cells/0"):
            inside, named = self.json_of("info", f"plain/{level}"), self.json_of("info", f"zarr-paths/img.zarr/{level}")
            self.assertEqual((inside["height"], inside["spacing"]), (named["height"], named["spacing"]))

    def test_sizes_of_pixels_that_are_none_are_told(self):
        def ome(**sizes):
            said = " ".join(f'PhysicalSize{axis}="{size}"' for axis, size in sizes.items())
            pictures.write_tiff_stack(
                self.here / "s.ome.tif", [[[1] * 8] * 6],
                description=f'<OME><Image><Pixels DimensionOrder="XYCZT" SizeX="8" SizeY="6" SizeZ="1" SizeC="1" '
                            f'SizeT="1" Type="uint8" {said}><TiffData/></Pixels></Image></OME>')
            return self.json_of("info", "s.ome.tif")

        for size in ("-0.25", "NaN", "0", "0,00025", "1,5"):
            facts = ome(X="0.25", Y=size)
            self.assertEqual(facts["notes"], [f"PhysicalSizeY is '{size}', expected a number above 0: it is not used; "
                                              "--spacing says how large a pixel is"])
        self.assertRegex(ome(X="0.25")["notes"][0], "says how wide a pixel is but not how high")
        self.assertEqual(ome(X="0.25", Y="+0.5")["notes"], [])
        measured = self.json_of("measure", "s.ome.tif", "--out", "o.csv")["measured"][0]
        self.assertEqual(measured["area_total_physical"], 48 * 0.25 * 0.5)
        # ImageJ takes -2 for 2, and says nothing of a distance that is none.
        for spacing, apart, note in (("-2", 2.0, ""), ("0", 0, "spacing is '0', expected"), ("NaN", 0, "spacing is 'NaN'")):
            pictures.write_tiff_stack(self.here / "v.tif", [[[1] * 8] * 6] * 3, micrometres=0.5 * 1e4,
                                      description=f"ImageJ=1.53t\nimages=3\nslices=3\nunit=um\nspacing={spacing}\n")
            facts = self.json_of("info", "v.tif")
            self.assertEqual(len(facts["notes"]), 1 if note else 0, facts["notes"])
            self.assertIn(note, "".join(facts["notes"]))
            self.assertIn("slices 2 um apart" if apart else "spacing", self.run_unet("info", "v.tif").stdout)

    def test_transparency_that_is_the_same_everywhere_is_no_note(self):
        def write(name, alpha):
            lines = b"".join(b"\0" + bytes(v for x in range(8) for v in (x, y, 7, alpha(x))) for y in range(6))

            def chunk(kind, data):
                return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

            header = struct.pack(">IIBBBBB", 8, 6, 8, 6, 0, 0, 0)
            (self.here / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                                           chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))

        write("opaque.png", lambda x: 255)
        write("half.png", lambda x: 255 * (x % 2))
        write("clear.png", lambda x: 4)  # the same everywhere, but not opaque: more than transparency, or less
        ids, told = "ome-no-root-uuid/ids.tif", {}
        for name in ("opaque.png", "half.png", "clear.png"):
            measured = self.json_of("measure", ids, "--image", name, "--out", "o.csv")["measured"][0]
            told[name] = sum("transparency" in note for note in measured.get("notes", []))
            self.assertTrue(self.json_of("info", name)["alpha"])
        self.assertEqual(told, {"opaque.png": 0, "half.png": 1, "clear.png": 1})

    def test_a_stack_of_metamorph_has_its_planes(self):
        shutil.copy(self.here / "stk-planes/stack.stk", self.here / "named.tif")
        for name in ("stk-planes/stack.stk", "named.tif"):
            facts = self.json_of("info", name)
            self.assertEqual((facts["slices"], facts["height"], facts["width"]), (4, 6, 8))
            objects = self.json_of("objects", name, "--out", "found", "--z", "3")  # probabilities of 16 bits
            self.assertEqual(objects["found"][0]["objects"], 0)
        # make.py: pixel i of plane p is i + 100 p.
        self.run_unet("measure", "stk-planes/stack.stk", "--out", "o.csv")
        with open(self.here / "o.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(sorted(int(row["label"]) for row in rows if row["slice"] == "3"), list(range(300, 348)))

    def test_every_verb_tells_that_a_file_holds_two_images(self):
        model, two, lab = self.model(), "ome-two-images/two.ome.tif", "ome-two-images/lab.tif"
        (self.here / "pair/images").mkdir(parents=True)
        (self.here / "pair/labels").mkdir()
        shutil.copy(self.here / two, self.here / "pair/images/a.tif")
        shutil.copy(self.here / lab, self.here / "pair/labels/a.tif")
        (self.here / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [
                [[2, 2], [9, 2], [9, 9], [2, 9], [2, 2]]]}}]}))
        short = ["--steps", "1", *SMALL, "--labels", "instances"]
        verbs = [
            ["info", two], ["predict", model, two, "--out", "out"], ["plan", model, two],
            ["objects", two, "--out", "found"], ["measure", lab, "--image", two, "--out", "o.csv"],
            ["evaluate", two, lab, "--labels", "instances"], ["evaluate", lab, two, "--labels", "instances"],
            ["evaluate", model, two, lab, "--labels", "instances"],
            ["report", lab, "--image", two, "--out", "r.html"], ["report", two, "--out", "r.html"],
            ["check", two, lab, "--labels", "instances"], ["check", "pair", "--labels", "instances"],
            ["info", two, lab, "--labels", "instances"], ["train", two, lab, "--out", "trained", *short],
            ["data", "show", two, lab, "--out", "look", "--labels", "instances", *SMALL],
            ["data", "import", "a.geojson", "--images", two, "--out", "imported"],
            ["data", "export", two, "--format", "tiff", "--out", "exported"]]
        for verb in verbs:
            with self.subTest(" ".join(verb)):
                if verb[0] == "evaluate" and verb[1] != model:
                    # An image is no label map, which is told, too.
                    self.assertRegex(self.refused("neighbouring pixels", *verb).stderr, SERIES)
                    continue
                told = self.run_unet(*verb)
                self.assertRegex(told.stdout + told.stderr, SERIES)
                for folder in ("trained", "look", "imported", "exported"):
                    shutil.rmtree(self.here / folder, ignore_errors=True)
                self.assertRegex(json.dumps(self.json_of(*verb)), SERIES)
                for folder in ("trained", "look", "imported", "exported"):
                    shutil.rmtree(self.here / folder, ignore_errors=True)
                quiet = self.run_unet(*verb, "--series", "B")
                self.assertNotIn("it holds 2 images", quiet.stdout + quiet.stderr)
                for folder in ("trained", "look", "imported", "exported"):
                    shutil.rmtree(self.here / folder, ignore_errors=True)
        self.refused(r"--series 2 was asked for, found 2 image\(s\): 0 'A'.*expected a number from 0 to 1, or a name",
                     "plan", model, two, "--series", "2")

    def test_the_other_image_is_read(self):
        first = self.measured("ome-two-images/lab.tif", "ome-two-images/two.ome.tif", "--series", "0")[1]
        second = self.measured("ome-two-images/lab.tif", "ome-two-images/two.ome.tif", "--series", "1")[1]
        self.assertEqual(self.measured("ome-two-images/lab.tif", "ome-two-images/two.ome.tif")[1], first)
        self.assertNotEqual(first["intensity_sum"], second["intensity_sum"])
        facts = self.json_of("info", "ome-two-images/two.ome.tif", "--series", "B")
        self.assertEqual((facts["images"], facts["series"], facts["notes"]), (2, 1, ["--series B: image 1 'B' of 2 is read"]))

    def test_planes_of_other_files_are_never_taken_from_this_one(self):
        for name, other in (("c0", "c1"), ("c1", "c0")):
            self.refused(rf"speaks of 2 plane\(s\), of which 1 are not in it but in other files \({other}.ome.tif\)",
                         "measure", "ome-no-root-uuid/ids.tif", "--image", f"ome-no-root-uuid/chan/{name}.ome.tif",
                         "--out", "o.csv")
        # Whoever renames a file takes from it what says which one it is.
        shutil.copy(self.here / "ome-no-root-uuid/chan/c0.ome.tif", self.here / "renamed.ome.tif")
        self.refused("in other files", "info", "renamed.ome.tif")
        # make.py: pixel i of plane p of position n is i + p + 1000 n.
        for position in (0, 1):
            file = f"ome-no-root-uuid/a_Pos{position}.ome.tif"
            facts = self.json_of("info", file)
            self.assertEqual((facts["slices"], facts["series"]), (2, position))
            other = f"a_Pos{1 - position}.ome.tif"
            self.assertRegex(facts["notes"][0], rf"it holds 2 images: .* in {other}.*; {position} is read, "
                             "the other files have the others")
            self.run_unet("measure", file, "--out", "o.csv")
            with open(self.here / "o.csv", newline="", encoding="utf-8") as table:
                labels = [int(row["label"]) for row in csv.DictReader(table) if row["slice"] == "1"]
            self.assertEqual(labels, [label for label in range(1 + 1000 * position, 49 + 1000 * position)])
            self.refused(f"the pixels of --series {1 - position} are not in this file but in {other}",
                         "info", file, "--series", 1 - position)

    def test_pages_that_are_no_planes_of_the_ome_image_are_told(self):
        text = ('<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels SizeC="1" '
                'DimensionOrder="XYZCT" SizeT="1" SizeX="8" SizeY="6" SizeZ="1"><TiffData IFD="1" PlaneCount="1"/>'
                "</Pixels></Image></OME>")
        pictures.write_tiff_stack(self.here / "a.tif", [[[page] * 8] * 6 for page in (1, 2, 3)], description=text)
        facts = self.json_of("info", "a.tif")
        self.assertEqual(facts["slices"], 1)
        self.assertIn("2 of its 3 pages are no planes of its image as OME describes it", facts["notes"][0])

    def test_a_preview_before_the_image_is_passed_over_and_told(self):
        def page(rows, reduced):
            return {"rows": rows, "reduced": reduced}

        preview, image = [[9] * 4] * 3, [[x + 10 * y for x in range(8)] for y in range(6)]
        self.write_pages("preview.tif", [page(preview, 1), page(image, 0), page(image, 0)])
        facts = self.json_of("info", "preview.tif")
        self.assertEqual((facts["slices"], facts["height"], facts["width"]), (2, 6, 8))
        self.assertIn("0 (3x4), a smaller copy, 1 (2 planes of 6x8); 1 is read", facts["notes"][0])
        self.assertEqual(self.json_of("info", "preview.tif", "--series", "0")["height"], 3)
        # A pyramid: nothing else is to be seen in what is left.
        self.write_pages("pyramid.tif", [page(image, 0), page(preview, 1)])
        self.assertEqual(self.json_of("info", "pyramid.tif")["notes"], [])
        # Nobody says which of two sizes is meant.
        self.write_pages("two.tif", [page(preview, 0), page(image, 0), page(image, 0)])
        self.refused(r"page 1 is 6x8 .* page 0 is 3x4 .*It holds 2 images: 0 \(3x4\), 1 \(2 planes of 6x8\); --series "
                     "takes one", "info", "two.tif")
        self.assertEqual(self.json_of("info", "two.tif", "--series", "1")["slices"], 2)

    def test_frames_behind_the_first_are_told(self):
        pictures.write_png(self.here / "a.png", [[x for x in range(8)]] * 6)
        data = (self.here / "a.png").read_bytes()
        control = b"acTL" + struct.pack(">II", 3, 0)
        chunk = struct.pack(">I", 8) + control + struct.pack(">I", zlib.crc32(control))
        (self.here / "a.png").write_bytes(data[:33] + chunk + data[33:])
        self.assertIn("an animation of 3 frames, of which the first is read", self.json_of("info", "a.png")["notes"][0])
        photo = (FILES / "photo.jpg").read_bytes()
        # CIPA DC-007: an index like a TIFF of two entries, its version and the number of images.
        index = b"MPF\0II*\0" + struct.pack("<IHHHI4sHHIII", 8, 2, 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0)
        (self.here / "a.jpg").write_bytes(photo[:2] + struct.pack(">HH", 0xFFE2, len(index) + 2) + index + photo[2:])
        self.assertIn("it holds 2 images one after the other", self.json_of("info", "a.jpg")["notes"][0])
        self.assertEqual(self.json_of("info", FILES / "photo.jpg")["notes"], [])

    def write_pages(self, name, pages):
        """A TIFF of 8-bit pages, some marked as smaller copies."""
        data, chain = bytearray(b"II*\0\0\0\0\0"), 4
        for page in pages:
            rows, strip = page["rows"], len(data)
            data += bytes(value for row in rows for value in row) + b"\0" * (len(rows) * len(rows[0]) % 2)
            tags = [(254, 4, page["reduced"]), (256, 4, len(rows[0])), (257, 4, len(rows)), (258, 3, 8), (259, 3, 1),
                    (262, 3, 1), (273, 4, strip), (277, 3, 1), (278, 4, len(rows)), (279, 4, len(rows) * len(rows[0]))]
            struct.pack_into("<I", data, chain, len(data))
            data += struct.pack("<H", len(tags))
            for tag, kind, value in tags:
                data += struct.pack("<HHII" if kind == 4 else "<HHIHxx", tag, kind, 1, value)
            chain = len(data)
            data += b"\0\0\0\0"
        (self.here / name).write_bytes(bytes(data))

    def test_a_zarr_is_found_however_it_is_named(self):
        image, plate = "zarr-paths/img.zarr", "zarr-paths/plate.zarr"
        expected = self.json_of("info", image)
        for name in (image + "/", image + "//", image + "/.", image + "/.zattrs", image + "/0", image + "/0/",
                     plate, plate + "/", plate + "/A/1", plate + "/A/1/0", plate + "/A/1/0/0"):
            with self.subTest(name):
                facts = self.json_of("info", name)
                for key in ("size", "channels", "spacing", "unit", "axes"):
                    self.assertEqual(facts.get(key), expected.get(key), key)
        self.assertEqual(expected["label_images"], [image + "/labels/cells"])
        model = self.model()
        self.run_unet("predict", model, image + "/", "--out", "whole", "--what", "logits")
        self.run_unet("predict", model, plate + "/A/1/0/", "--out", "field", "--what", "logits")
        self.assertEqual((self.here / "whole/img.tif").read_bytes(),
                         (self.here / "field/plate_A_1_0.tif").read_bytes())

    def test_a_label_image_in_a_zarr_is_an_operand_of_every_verb(self):
        cells, lab, image = "zarr-paths/img.zarr/labels/cells", "zarr-paths/lab.tif", "zarr-paths/img.zarr"
        for labels in (cells, cells + "/", "zarr-paths/img.zarr/labels"):
            self.assertEqual(self.json_of("measure", labels, "--out", "o.csv")["measured"][0]["objects"], 2)
        for pair in ((lab, cells + "/"), (cells, lab), (cells, cells)):
            self.assertEqual(self.json_of("evaluate", *pair, "--labels", "instances")["f1"], 1.0)
        plain = self.measured(lab, "zarr-paths/img.tif")
        for labels, picture in ((lab, image), (lab, image + "/"), (cells, "zarr-paths/img.tif"), (cells, image)):
            rows = self.measured(labels, picture)
            self.assertEqual([row["intensity_mean"] for row in rows.values()],
                             [row["intensity_mean"] for row in plain.values()])
        told = self.json_of("data", "export", lab, "--images", image + "/", "--format", "geojson", "--out", "e")
        self.assertEqual(told["exported"][0]["objects"], 2)
        told = self.json_of("data", "import", "e/img.geojson", "--images", image + "/", "--out", "back")
        self.assertEqual(told["images"][0]["objects"], 2)
        self.run_unet("check", image + "/", cells + "/", "--labels", "instances")
        self.assertEqual(self.json_of("info", image + "/", cells, "--labels", "instances")["images"], 1)
        self.run_unet("report", lab, "--image", image, "--labels", cells, "--kind", "instances", "--out", "r.html")
        self.run_unet("check", "zarr-paths/plate.zarr/A/1/0", cells, "--labels", "instances", "--fix", "mended")
        self.assertEqual(self.json_of("info", "mended", "--labels", "instances")["objects"], 2)
        model = self.model()
        self.run_unet("predict", model, "zarr-paths/img.tif", "--where", cells + "/", "--out", "inside")
        (self.here / "list.csv").write_text(f"image,label\n{image}/,{cells}\n")
        self.assertEqual(self.json_of("info", ".", "--labels", "instances")["objects"], 2)

    def test_what_predict_wrote_as_zarr_is_read_by_the_verbs_that_follow(self):
        model, image = self.model(), "zarr-paths/img.tif"
        count = self.json_of("predict", model, image, "--out", "o", "--format", "ome-zarr")["outputs"][0]["count"]
        for result in ("o/img.ome.zarr", "o/img.ome.zarr/", "o/img.ome.zarr/labels/objects"):
            measured = self.json_of("measure", result, "--image", image, "--out", "o.csv")["measured"][0]
            self.assertEqual(measured["objects"], count)
            self.json_of("evaluate", result, "zarr-paths/lab.tif", "--labels", "instances")
            self.json_of("evaluate", "zarr-paths/lab.tif", result, "--labels", "instances")
        self.assertEqual(self.json_of("report", "o/img.ome.zarr")["report"], "o/report.html")
        self.json_of("report", "o/img.ome.zarr/", "--image", image, "--out", "r.html")

    def test_the_images_of_a_series_or_plate_are_told_and_picked(self):
        series = "zarr-paths/series.zarr"
        facts = self.json_of("info", series)
        self.assertEqual((facts["images"], facts["height"]), (2, 20))
        self.assertIn("it holds 2 images: 0 '0', 1 '1'; 0 is read, --series takes another", facts["notes"])
        whole = self.json_of("info", series, "--series", "1")
        self.assertEqual((whole["height"], whole["notes"]), (40, ["--series 1: image 1 '1' of 2 is read"]))
        self.assertEqual(self.json_of("info", series + "/1/")["height"], 40)
        plate = self.here / "zarr-paths/plate.zarr"
        shutil.copytree(plate / "A/1/0", plate / "A/1/1")
        (plate / "A/1/.zattrs").write_text(json.dumps({"well": {"images": [{"path": "0"}, {"path": "1"}]}}))
        facts = self.json_of("info", plate)
        self.assertEqual([image["name"] for image in facts["series_list"]], ["A/1/0", "A/1/1"])
        self.assertIn("--series takes another", facts["notes"][0])
        self.assertEqual(self.json_of("info", plate, "--series", "A/1/1")["series"], 1)
        self.assertEqual(self.json_of("info", plate / "A/1")["images"], 2)

    def test_a_flag_of_info_does_something_or_is_refused(self):
        stack = FILES / "imagej_tzcyx.tif"  # T 2, Z 3, C 2
        axes = self.json_of("info", stack, "--axes", "TZ3YX")["axes"]
        self.assertEqual(axes, {"T": 4, "Z": 3, "Y": 8, "X": 9})
        facts = self.json_of("info", stack, "--z", "0,1", "--t", "1", "--channel", "1")
        self.assertEqual((facts["slices"], facts["channels"]), (2, 1))
        for flags in (["--ignore", "3"], ["--labels", "instances"], ["--grey"], ["--size", "64"]):
            self.refused(f"{flags[0]} is not for an image", "info", stack, *flags, status=2)
        self.refused("channel 2 was asked for, but there are 2", "info", stack, "--channel", "2")
        self.model()
        self.refused("--axes is not for a model", "info", "run/model.safetensors", "--axes", "ZYX", status=2)
        self.refused("--size is not for a data set", "info", "data", "--size", "64", status=2)


if __name__ == "__main__":
    program.main()
