"""`unet report`: the page on a run and on predictions; its counts are those of a plain count; bad input."""
import html.parser
import json
import random
import shutil
import unittest

import pictures
import program
from program import ProgramTest, SMALL

VOID = {"meta", "img", "input", "br", "link"}


class Page(html.parser.HTMLParser):
    """A page whose elements are closed in order; `sources` are its links and images."""

    def __init__(self, text):
        super().__init__()
        self.open, self.sources, self.ids, self.tags = [], [], [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        values = dict(attributes)
        self.sources += [values[name] for name in ("src", "href") if name in values]
        self.ids += [values["id"]] if "id" in values else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


def errors_of(predicted, truth):
    """Merged, split, missed, invented and so on by the definition: sets of pixels, every pair looked at."""
    def objects(rows):
        found = {}
        for y, row in enumerate(rows):
            for x, label in enumerate(row):
                if label:
                    found.setdefault(label, set()).add((y, x))
        return list(found.values())

    def belong(a, b):
        return len(a & b) > len(a) / 2 or len(a & b) > len(b) / 2

    true, guessed = objects(truth), objects(predicted)
    of_true = [[p for p in guessed if belong(t, p)] for t in true]
    of_guessed = [[t for t in true if belong(t, p)] for p in guessed]
    shares = [len(mine) == 1 and sum(belong(t, mine[0]) for t in true) > 1 for mine in of_true]
    part = [len(mine) == 1 and sum(belong(mine[0], p) for p in guessed) > 1 for mine in of_guessed]
    split, merging = sum(len(m) > 1 for m in of_true), sum(len(m) > 1 for m in of_guessed)
    missed, invented = sum(not m for m in of_true), sum(not m for m in of_guessed)
    return {"matched": len(true) - split - missed - sum(shares), "merged": sum(shares), "split": split,
            "missed": missed, "merging": merging, "pieces": sum(part), "invented": invented}


def scattered(seed, size=60, count=45):
    """Rectangles over each other: objects of all sizes that touch."""
    chance, rows = random.Random(seed), [[0] * size for _ in range(size)]
    for label in range(1, count + 1):
        y, x = chance.randrange(size), chance.randrange(size)
        for row in rows[y:y + chance.randrange(2, 14)]:
            for place in range(x, min(size, x + chance.randrange(2, 14))):
                row[place] = label
    return rows


class Report(ProgramTest):
    def page(self, path):
        text = (self.here / path).read_text(encoding="utf-8")
        page = Page(text)
        self.assertLess(len(text), 5_000_000)
        self.assertNotIn("script", page.tags)
        for source in page.sources:
            self.assertRegex(source, r"^(#|data:image/png;base64,)")
        return page, text

    def maps(self, folder, number, make):
        (self.here / folder).mkdir()
        for i in range(number):
            pictures.write_png(self.here / folder / f"map {i}.png", make(i), bits=16)

    def test_a_training_ends_with_a_report(self):
        run = self.make_run(25)
        page, text = self.page("run/report.html")
        for part in ("scores", "images", "objects", "curves", "data", "repeat"):
            self.assertIn(part, page.ids)
        self.assertIn("unet train --config", text)
        self.assertIn(f"{self.here}/data", text)  # what repeating needs
        for fact in ("seed", "processor", "kernels", "unet version"):
            self.assertIn(f'<th scope="row">{fact}</th>', text)
        first = (run / "report.html").read_bytes()
        found = self.json_of("report", "run")
        self.assertEqual(found["report"], "run/report.html")
        self.assertEqual(found["bytes"], (run / "report.html").stat().st_size)
        self.assertEqual(found["training"]["steps"], 25)
        self.assertEqual(found["remarks"], [])
        self.assertGreater(len(found["shown"]), 0)
        self.assertEqual(set(found["evaluation"]["errors"]), set(errors_of([[0]], [[0]])))
        # The later report sees the same data, model and log: but for what changed on the way, the same page.
        self.assertEqual(first, (run / "report.html").read_bytes())

    def test_counts_are_those_of_a_plain_count(self):
        self.maps("predicted", 4, lambda i: scattered(i))
        self.maps("truth", 4, lambda i: scattered(i + 100 if i % 2 else i, count=45 + i))
        found = self.json_of("report", "predicted", "--labels", "truth", "--kind", "instances")
        sums = {}
        for i, image in enumerate(found["evaluation"]["images"]):
            expected = errors_of(scattered(i), scattered(i + 100 if i % 2 else i, count=45 + i))
            self.assertEqual(image["errors"], expected, image["name"])
            for name, count in expected.items():
                sums[name] = sums.get(name, 0) + count
        self.assertEqual(found["evaluation"]["errors"], sums)
        self.assertTrue(all(sums.values()), sums)  # each kind of fate occurs
        self.page("predicted/report.html")

    def test_names_are_text_not_markup(self):
        name = "<img src=x onerror=\"alert('1')\">&"
        for folder in ("predicted", "truth", "images"):
            (self.here / folder).mkdir()
            rows = scattered(3)
            pictures.write_png(self.here / folder / f"{name}.png", rows, bits=16)
        self.run_unet("report", "predicted", "--labels", "truth", "--image", "images", "--out", "a.html")
        page, text = self.page("a.html")
        self.assertNotIn("<img src=x", text)
        self.assertIn("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;", text)

    def test_without_truth_objects_are_counted(self):
        self.maps("predicted", 3, lambda i: [[1] * i + [0] * (9 - i), [0] * 9, [7] * 9])
        found = self.json_of("report", "predicted", "--out", "page.html")
        self.assertEqual([image["objects"] for image in found["found"]["images"]], [1, 2, 2])
        self.assertEqual([image["pixels"] for image in found["found"]["images"]], [9, 10, 11])
        self.assertNotIn("evaluation", found)
        self.assertIn("found", self.page("page.html")[0].ids)
        self.assertFalse((self.here / "predicted" / "report.html").exists())

    def test_classes_have_no_objects(self):
        self.maps("predicted", 2, lambda i: [[0, 1, 2, 2], [0, 1, 1, 2 - i]])
        self.maps("truth", 2, lambda i: [[0, 1, 2, 2], [0, 0, 1, 2]])
        found = self.json_of("report", "predicted", "--labels", "truth", "--kind", "classes")
        self.assertEqual(found["evaluation"]["kind"], "classes")
        page = self.page("predicted/report.html")[0]
        self.assertNotIn("objects", page.ids)
        self.assertIn("show-wrong", page.ids)
        self.refused("--kind", "report", "predicted", "--labels", "truth", status=2)  # 0, 1, 2: objects or classes?

    def test_what_is_missing_or_broken_is_told(self):
        run = self.make_run(25)
        log = (run / "metrics.jsonl").read_text()
        (run / "metrics.jsonl").write_text(log + '{"step":40,"lo')  # as kill -9 leaves it
        self.run_unet("report", "run")
        self.assertIn("1 line of metrics.jsonl cannot be read", self.page("run/report.html")[1])
        (run / "metrics.jsonl").unlink()
        (run / "config.toml").unlink()
        self.assertEqual(self.json_of("report", "run")["training"]["loss_points"], 0)
        shutil.move(self.here / "data", self.here / "moved")
        found = self.json_of("report", "run")
        self.assertIn("scores and images are left out", found["remarks"][0])
        self.page("run/report.html")
        self.assertEqual(self.json_of("report", "run", "--data", "moved")["remarks"], [])
        (run / "model.safetensors").write_bytes(b"no model")
        self.assertIn("model.safetensors", self.json_of("report", "run", "--data", "moved")["remarks"][0])
        (run / "last.safetensors").write_bytes((run / "last.safetensors").read_bytes()[:500])
        before = self.files("run")
        self.refused("last.safetensors", "report", "run")
        self.assertEqual(self.files("run"), before)

    def test_bad_input(self):
        self.maps("predicted", 1, lambda i: [[1, 0, 2]])
        self.maps("truth", 1, lambda i: [[1, 0, 2, 3]])
        (self.here / "empty").mkdir()
        (self.here / "notes.html").write_text("my notes")
        self.refused("nowhere", "report", "nowhere", status=1)
        self.refused("empty", "report", "empty")
        self.refused("--out", "report", "predicted/map 0.png", status=2)
        self.refused("notes.html", "report", "predicted", "--out", "notes.html", status=2)
        self.refused("--data", "report", "predicted", "--data", "empty", status=2)
        self.refused("the truth is", "report", "predicted", "--labels", "truth", "--kind", "instances")
        self.refused("map 0", "report", "predicted", "--image", "truth")
        self.refused("empty", "report", "predicted", "--image", "empty")
        pictures.write_png(self.here / "empty" / "other.png", [[1, 0, 2]])
        self.refused("found no image for any of 1 predictions", "report", "predicted", "--image", "empty")
        self.assertEqual((self.here / "notes.html").read_text(), "my notes")
        self.assertFalse((self.here / "predicted" / "report.html").exists())

    def test_a_page_of_somebody_else_is_not_replaced(self):
        data = self.make_data()
        (self.here / "run").mkdir()
        (self.here / "run" / "report.html").write_text("somebody's")
        done = self.run_unet("train", data, "--out", "run", "--steps", 2, *SMALL)
        self.assertIn("no report was written", done.stderr)
        self.assertEqual((self.here / "run" / "report.html").read_text(), "somebody's")


if __name__ == "__main__":
    program.main()
