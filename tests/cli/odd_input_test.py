"""Input that is unusual and works, with a word where it helps; images unlike those trained on."""
import json
import struct

import pictures
import program
from program import PLAIN, SMALL, ProgramTest


def turned(rows, largest=255):
    return [[largest - v for v in row] for row in rows]


class OddTraining(ProgramTest):
    def pair(self, name, image, labels, folder="data"):
        for kind, rows in (("images", image), ("labels", labels)):
            (self.here / folder / kind).mkdir(parents=True, exist_ok=True)
            pictures.write_png(self.here / folder / kind / f"{name}.png", rows)

    def test_one_image_only(self):
        image, labels = pictures.discs(60, 60, [(12, 12), (14, 34), (34, 20), (40, 44)], 6)
        self.pair("only", image, labels)
        told = self.train()
        self.assertRegex(told, r"1 images.*1 for validation")
        self.run_unet("predict", "run", "data/images", "--out", "out")

    def test_a_constant_image_is_told(self):
        self.make_data()
        pictures.write_png(self.here / "data/images/disc 3.png", [[7] * 54 for _ in range(48)])
        self.assertIn("1 of 4 (disc 3) hold one value everywhere", self.train())

    def test_images_of_one_pixel_and_smaller_than_a_patch(self):
        for size in ((1, 1), (5, 3)):
            folder = f"data {size[0]}"
            for i in range(9):
                rows = [[i % 2] * size[1] for _ in range(size[0])]
                self.pair(f"{i}", [[v * 100 for v in row] for row in rows], rows, folder)
            self.run_unet("train", folder, "--out", f"run {size[0]}", "--steps", 2, *SMALL)
            self.run_unet("predict", f"run {size[0]}", f"{folder}/images", "--out", f"out {size[0]}")
            page, = pictures.read_tiff(self.here / f"out {size[0]}/0.tif")
            self.assertEqual((page.height, page.width), size)

    def test_extensions_in_capitals_and_names_in_any_script(self):
        self.make_data()
        for kind in ("images", "labels"):
            for i, path in enumerate(sorted((self.here / "data" / kind).iterdir())):
                path.rename(path.with_name(("Zelle ß.PNG", "細胞 1.Png", "клетка.png", "a'b\"c.PNG")[i]))
        self.train()
        outcome = self.json_of("predict", "run", "data/images", "--out", "out ü")
        self.assertEqual(sorted(self.files("out ü")), ["Zelle ß.tif", "a'b\"c.tif", "клетка.tif", "細胞 1.tif"])
        self.assertEqual(len(outcome["outputs"]), 4)

    def test_hidden_files_and_other_programs_litter_are_passed_over(self):
        self.make_data()
        for kind in ("images", "labels"):
            for name in ("._disc 0.png", "._other.tif", "Thumbs.db", ".DS_Store"):
                (self.here / "data" / kind / name).write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
        self.train()
        self.assertEqual(len(self.json_of("predict", "run", "data/images", "--out", "out")["outputs"]), 4)
        self.assertEqual(self.json_of("evaluate", "out", "data/labels", "--labels", "instances")["n_true"], 10)

    def test_grey_and_colour_together(self):
        self.make_data()
        image, _ = pictures.discs(48, 48, [(12, 12), (14, 34), (34, 20)], 6)
        pictures.write_png(self.here / "data/images/disc 0.png", [[(v, v // 2, 9) for v in row] for row in image])
        for flags, words, channels in ((["--grey"], "all become grey", 1), ([], "all become colour", 3)):
            self.assertIn("3 grey and 1 colour images: " + words, self.train(*flags, out=words))
            self.assertEqual(self.json_of("info", f"{words}/model.safetensors")["network"]["in_channels"], channels)

    def test_objects_that_do_not_suit_the_network(self):
        dots = [[1 + y // 6 * 8 + x // 6 if y % 6 == 0 and x % 6 == 0 else 0 for x in range(48)] for y in range(48)]
        self.pair("a", [[20 + 200 * (v > 0) for v in row] for row in dots], dots, "dots")
        done = self.run_unet("train", "dots", "--out", "small", "--steps", 1, "--labels", "instances", *SMALL)
        self.assertRegex(done.stderr, r"median object is 1\.\d pixels wide; below 4 pixels")
        image, labels = pictures.discs(120, 120, [(58, 58)], 50)
        self.pair("a", image, labels, "blob")
        done = self.run_unet("train", "blob", "--out", "large", "--steps", 1, "--labels", "instances", *SMALL)
        self.assertRegex(done.stderr, r"median object is \d+ pixels wide, the network sees 17.*--levels")

    def test_pixel_sizes_that_differ_are_told(self):
        self.make_data()
        for kind in ("images", "labels"):
            for path in (self.here / "data" / kind).iterdir():
                path.unlink()
        for i, micrometres in enumerate((0.25, 0.5, 0.25, 0.25)):
            image, labels = pictures.discs(48, 48, [(12, 12), (14, 34), (34, 20)][:3 - i % 2], 6)
            pictures.write_tiff_stack(self.here / f"data/images/{i}.tif", [image], micrometres=micrometres)
            pictures.write_png(self.here / f"data/labels/{i}.png", labels)
        self.assertRegex(self.train("--val-fraction", 0), r"0\.25 um wide in 0, 0\.5 um in 1")
        self.assertEqual(self.json_of("info", "run/model.safetensors")["spacing"]["size"], [0, 0, 0])


class ManyObjects(ProgramTest):
    def test_more_than_65535_objects_take_32_bits(self):
        # One convolution that copies the image and a head that calls bright pixels objects. It was shown objects of
        # one pixel, so that they count.
        dots = [[1 + y // 6 * 8 + x // 6 if y % 6 == 0 and x % 6 == 0 else 0 for x in range(48)] for y in range(48)]
        for kind, rows in (("images", [[200 * (v > 0) for v in row] for row in dots]), ("labels", dots)):
            (self.here / "data" / kind).mkdir(parents=True)
            pictures.write_png(self.here / "data" / kind / "dots.png", rows)
        self.run_unet("train", "data", "--labels", "instances", "--out", "run", "--steps", 0, "--levels", 1,
                      "--convolutions", 1, "--base-channels", 1, "--norm", "none", "--padding", "same", "--patch", 32,
                      "--normalise", "0:255", *PLAIN)
        path = self.here / "run/model.safetensors"
        data = bytearray(path.read_bytes())
        start = 8 + struct.unpack("<Q", data[:8])[0]
        for name, values in (("encoder.0.conv.0.weight", [0] * 4 + [1] + [0] * 4), ("encoder.0.conv.0.bias", [0]),
                             ("head.weight", [0, 10]), ("head.bias", [0, -5])):
            begin, end = json.loads(data[8:start])[name]["data_offsets"]
            self.assertEqual(end - begin, 4 * len(values), name)
            data[start + begin:start + end] = struct.pack(f"<{len(values)}f", *values)
        path.write_bytes(data)
        edge = 364  # a chessboard: 364 x 364 / 2 = 66248 pixels without a neighbour
        pictures.write_png(self.here / "board.png", [[255 * ((x + y) % 2) for x in range(edge)] for y in range(edge)])
        done = self.run_unet("predict", "run", "board.png", "--out", "out")
        self.assertIn("66248 objects need 32 bits; ImageJ", done.stderr)
        page, = pictures.read_tiff(self.here / "out/board.tif")
        self.assertEqual((page.bits, max(page.values)), (32, 66248))


class Unlike(ProgramTest):
    """Predict tells what sets an image apart from those trained on."""
    models = {}  # by rule: trained once and shared

    def setUp(self):
        super().setUp()
        self.make_data()
        self.image, _ = pictures.discs(48, 48, [(12, 12), (34, 30)], 6)

    def told(self, name, rule, rows, form="B", flags=(), **options):
        if rule not in self.models:
            self.train("--normalise", rule, out=f"run {len(self.models)}")
            self.models[rule] = (self.here / f"run {len(self.models)}/model.safetensors").read_bytes()
        (self.here / "model.safetensors").write_bytes(self.models[rule])
        pictures.write_tiff_stack(self.here / f"{name}.tif", [rows], form, **options)
        return self.run_unet("predict", "model.safetensors", f"{name}.tif", "--out", "out", *flags).stderr

    def test_an_image_of_the_same_kind_is_not_mentioned(self):
        for rule in ("image", "range", "dataset", "0:255"):
            self.assertEqual(self.told("alike", rule, self.image), "")
            dimmer = [[v * 3 // 4 for v in row] for row in self.image]
            self.assertEqual(self.told("dimmer", rule, dimmer), "")

    def test_another_bit_depth(self):
        wide = [[v * 16 for v in row] for row in self.image]  # 12 bit in 16
        self.assertRegex(self.told("wide", "range", wide, "H"),
                         r"wide.tif: unlike.*span 0\.0\d+ after normalisation \(range\).*0\.7.*--normalise LOW:HIGH")
        self.assertRegex(self.told("wide", "dataset", wide, "H"), r"span 1\d(\.\d+)? after normalisation \(dataset\)")
        self.assertEqual(self.told("wide", "image", wide, "H"), "")  # which does not mind

    def test_bright_and_dark_the_other_way_round(self):
        for rule in ("image", "range", "dataset"):
            self.assertRegex(self.told("inverted", rule, turned(self.image)), r"median is [01]\.\d+.*the other way round")

    def test_an_image_that_is_almost_empty(self):
        noise = [[20 + (7 * y + 3 * x) % 11 for x in range(48)] for y in range(48)]
        self.assertRegex(self.told("noise", "image", noise), r"values span 10, those.*almost empty\? .*noise")
        self.assertRegex(self.told("noise", "range", noise), "almost empty")
        self.assertRegex(self.told("flat", "image", [[9] * 48] * 48), "holds the value 9 everywhere")

    def test_another_pixel_size(self):
        for path in (self.here / "data/images").iterdir():
            path.unlink()
        for i in range(4):
            image, _ = pictures.discs(48, 48 + 2 * i, [(12 + i, 12), (14, 34 - i), (34, 20 + 2 * i)][:3 - i % 2], 6)
            pictures.write_tiff_stack(self.here / f"data/images/disc {i}.tif", [image], micrometres=0.25)
        self.models = {}
        for micrometres, words in ((0.65, "objects look 2.6 times smaller"), (0.1, "objects look 2.5 times larger")):
            told = self.told("other", "image", self.image, flags=("--scale", 1), micrometres=micrometres)
            self.assertRegex(told, rf"pixels are {micrometres} um wide, those of the training images 0\.25 um: {words}")
        for micrometres in (0.25, 0.35, None):
            self.assertEqual(self.told("same", "image", self.image, flags=("--scale", 1), micrometres=micrometres), "")
        for micrometres in (0.25, 0.27, None):
            self.assertEqual(self.told("same", "image", self.image, micrometres=micrometres), "")

    def test_many_notes_are_counted_and_json_has_all(self):
        self.train()
        (self.here / "in").mkdir()
        for i in range(12):
            pictures.write_png(self.here / f"in/{i}.png", turned(self.image))
        done = self.run_unet("predict", "run", "in", "--out", "out", "--what", "objects,labels", "--json")
        self.assertEqual(done.stderr.count("unlike the training images"), 10)
        self.assertIn("2 more such notes", done.stderr)
        for entry in json.loads(done.stdout)["outputs"]:
            self.assertEqual(len(entry["notes"]), 1)


if __name__ == "__main__":
    program.main()
