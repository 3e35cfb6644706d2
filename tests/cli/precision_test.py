"""Prediction in bfloat16 from the command line."""
import os
import unittest

import pictures
import program
from predict_test import WithModel


class Precision(WithModel):
    def test_bf16_is_named_near_fp32_and_the_same_in_any_tiles(self):
        self.picture("a.png", 41, 50)
        plain = {**os.environ, "UNET_KERNELS": "reference"}  # on any machine
        logits = {}
        for name, extra in (("fp32", []), ("bf16", ["--precision", "bf16"]),
                            ("tiles", ["--precision", "bf16", "--tile", 16])):
            outcome = self.json_of("predict", "model.safetensors", "a.png", "--out", name, "--what", "logits", *extra,
                                   env=plain)
            self.assertEqual(outcome["precision"], "fp32" if name == "fp32" else "bf16")
            logits[name] = [page.at(y, x) for page in pictures.read_tiff(self.here / name / "a.tif")
                            for y in range(0, 41, 4) for x in range(0, 50, 3)]
        self.assertEqual(logits["bf16"], logits["tiles"])
        self.assertNotEqual(logits["bf16"], logits["fp32"])
        # Some ten roundings to 8 bits on the way.
        most = max(map(abs, logits["fp32"]))
        for bf16, fp32 in zip(logits["bf16"], logits["fp32"]):
            self.assertLess(abs(bf16 - fp32), 0.05 * most)
        planned = self.json_of("plan", "model.safetensors", "a.png", "--precision", "bf16", env=plain)
        self.assertEqual(planned["precision"], "bf16")

    def test_bf16_where_it_is_fast_and_nowhere_else(self):
        self.picture("a.png", 41, 50)
        free = {name: value for name, value in os.environ.items() if name != "UNET_KERNELS"}
        command = ("predict", "model.safetensors", "a.png", "--precision", "bf16", "--out", "out", "--what", "logits")
        try:
            with open("/proc/cpuinfo") as file:
                tiles = " amx_bf16 " in file.read()
        except OSError:
            tiles = False
        if tiles:
            self.run_unet(*command, env=free)
            self.run_unet(*command[:-3], "one thread", "--what", "logits", "--threads", 1, "--tile", 16, env=free)
            self.assertEqual(self.files("out"), self.files("one thread"))
        else:
            self.refused("--precision.* AMX", *command, env=free)
        self.refused("no kernels named 'avx2' for bfloat16", *command, env={**free, "UNET_KERNELS": "avx2"})
        self.refused("trains in fp32 only", "train", "data", "--precision", "bf16", status=2)

    def test_a_prediction_goes_on_in_its_own_precision(self):
        self.picture("a.png", 61, 90)
        plain = {**os.environ, "UNET_KERNELS": "reference"}
        command = ("predict", "model.safetensors", "a.png", "--out", "out", "--what", "labels", "--tile", 16)
        self.run_unet(*command, "--part", "1/2", env=plain)
        other = self.run_unet(*command, "--resume", "--precision", "bf16", env=plain, status=1)
        self.assertRegex(other.stderr, "the unfinished prediction of a.png was begun with other flags.*bf16")
        self.run_unet(*command, "--resume", env=plain)
        self.assertEqual(list(self.files("out")), ["a.tif"])


if __name__ == "__main__":
    program.main()
