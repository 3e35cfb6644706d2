"""Grey values that ImageJ calibrates: what they mean as labels and as what is measured."""
import csv

import pictures
import program
from program import ProgramTest


class Calibrated(ProgramTest):
    """ImageJ's calibration of grey values, a straight line: as ImageJ measures, checked by hand."""

    def write(self, name, rows, text, form="H"):
        pictures.write_tiff_stack(self.here / name, [rows], form=form, description=f"ImageJ=1.53t\n{text}")

    def measured(self, *arguments):
        told = self.json_of("measure", *arguments, "--out", "o.csv")["measured"][0]
        with open(self.here / "o.csv", newline="", encoding="utf-8") as file:
            return {int(row["label"]): row for row in csv.DictReader(file)}, told

    def test_labels_and_measured_values_are_calibrated(self):
        labels = [[0] * 8, [0, 1, 1, 0, 2, 2, 2, 0], [0] * 8]
        signed = "cf=0\nc0=-32768.0\nc1=1.0\nvunit=gray value\n"
        self.write("plain.tif", labels, "")
        self.write("signed.tif", [[v + 32768 for v in row] for row in labels], signed)
        rows, told = self.measured("signed.tif")
        self.assertEqual({label: row["area"] for label, row in rows.items()}, {1: "2", 2: "3"})
        self.assertRegex(told["notes"][0], "calibrated: a value is 1 x what is stored . -32768; the calibrated values count")
        self.write("image.tif", [[100 * v + 32768 for v in row] for row in labels], signed)
        self.write("twice.tif", [[50 * v for v in row] for row in labels], "cf=0\nc0=5\nc1=2.0\n", form="B")
        for image, means in (("image.tif", {1: 100.0, 2: 200.0}), ("twice.tif", {1: 105.0, 2: 205.0})):
            rows, told = self.measured("plain.tif", "--image", image)
            self.assertEqual({label: float(row["intensity_mean"]) for label, row in rows.items()}, means)
            self.assertRegex(told["notes"][0], f"^{image}: it is calibrated")
        # A network sees what is stored, as it always did; that is told. So are other functions.
        facts = self.json_of("info", "image.tif")
        self.assertEqual(facts["bits"], 16)
        self.assertRegex(facts["notes"][0], "the stored values count here, calibrated ones where brightness is measured")
        self.write("curve.tif", labels, "cf=1\nc0=1\nc1=2\nc2=3\n")
        rows, told = self.measured("plain.tif", "--image", "curve.tif")
        self.assertEqual(float(rows[2]["intensity_mean"]), 2.0)
        self.assertRegex(told["notes"][0], "calibrated by a curve .cf of ImageJ., which is not read")
        self.write("none.tif", labels, "cf=20\nc0=1\nc1=2\n")
        self.assertNotIn("notes", self.measured("plain.tif", "--image", "none.tif")[1])


if __name__ == "__main__":
    program.main()
