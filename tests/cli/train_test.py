"""Training from the command line: train, predict, evaluate, go on, be killed and go on."""
import json
import os
import pathlib
import signal
import subprocess
import time

import pictures
import program
from program import SMALL, ProgramTest


class Train(ProgramTest):
    def test_train_predict_evaluate(self):
        data = self.make_data()
        done = self.run_unet("train", data, "--out", "run", "--steps", 60, "--learning-rate", "0.01", *SMALL)
        self.assertIn("model   run/model.safetensors", done.stdout)
        run = self.here / "run"
        for name in ("config.toml", "metrics.jsonl", "log.txt", "model.safetensors", "last.safetensors"):
            self.assertTrue((run / name).is_file(), name)
        self.assertTrue(list((run / "previews").glob("*.png")))
        for line in (run / "metrics.jsonl").read_text().splitlines():
            self.assertIn("step", json.loads(line))

        self.run_unet("predict", "run", data / "images", "--out", "objects", "--overlay")
        self.assertEqual(sorted(p.name for p in (self.here / "objects").glob("*.tif")),
                         [f"disc {i}.tif" for i in range(4)])
        scores = self.json_of("evaluate", "objects", data / "labels", "--labels", "instances")
        self.assertEqual(len(scores["images"]), 4)
        self.assertGreater(scores["iou"], 0.5)  # bright discs: learnt in 60 steps, or something is broken
        self.assertEqual(scores["n_true"], 10)

    def test_faults_of_the_data_are_told_first_and_stand_in_the_report(self):
        data = self.make_data()
        first = sorted((data / "images").iterdir())[0]
        again = data / "images" / f"again{first.suffix}"
        again.write_bytes(first.read_bytes())
        label = data / "labels" / first.name
        (data / "labels" / again.name).write_bytes(label.read_bytes())
        self.run_unet("train", data, "--out", "run", "--steps", 2, *SMALL)
        log = (self.here / "run/log.txt").read_text()
        self.assertIn("check: warning: equal images: ", log)
        self.assertLess(log.index("check: "), log.index("data: "))
        self.assertIn("equal images", (self.here / "run/report.html").read_text())

    def test_what_cannot_work_is_refused_after_all_faults_were_told(self):
        data = self.make_data()
        for image in sorted((data / "images").iterdir())[:2]:
            (data / "labels" / image.name).write_bytes(b"no picture")
        text = self.run_unet("train", data, "--out", "run", "--steps", 2, *SMALL, status=1).stderr
        self.assertIn("check: error: files that cannot be read", text)
        self.assertIn("(and 1 more)", text)
        self.assertFalse((self.here / "run").exists())
        next((data / "images").iterdir()).write_bytes(b"no picture")
        next((data / "labels").iterdir()).unlink()
        text = self.run_unet("train", data, "--out", "run", "--steps", 2, *SMALL, status=2).stderr
        self.assertLess(text.index("check: error"), text.index("unet: "))

    def test_nothing_is_written_beside_the_inputs(self):
        data = self.make_data()
        before = self.files("data")
        self.run_unet("train", data, "--out", "run", "--steps", 2, *SMALL)
        self.assertEqual(self.files("data"), before)
        self.assertEqual(sorted(p.name for p in self.here.iterdir()), ["data", "run"])

    def test_same_seed_same_bits_for_any_number_of_threads(self):
        data = self.make_data()
        models = []
        for out, threads in (("a", 1), ("b", 2), ("c", 1)):
            extra = ["--seed", 7] if out == "c" else []
            self.run_unet("train", data, "--out", out, "--steps", 6, *SMALL, *extra, "--threads", threads)
            models.append((self.here / out / "model.safetensors").read_bytes())
        self.assertEqual(models[0], models[1])
        self.assertNotEqual(models[0], models[2])

    def test_json_outcome(self):
        self.make_data()
        outcome = self.json_of("train", "data", "--out", "run", "--steps", 3, *SMALL)
        self.assertTrue(outcome["finished"])
        self.assertEqual(outcome["step"], 3)
        self.assertEqual(outcome["model"], "run/model.safetensors")

    def test_existing_run_is_never_overwritten(self):
        run = self.make_run(steps=2)
        before = self.files("run")
        self.refused("run", "train", "data", "--out", run, "--steps", 2, *SMALL)
        self.assertEqual(self.files("run"), before)

    def test_config_of_a_run_repeats_it(self):
        self.make_run(4, "run", "--learning-rate", "0.005", "--no-flips")
        config = (self.here / "run/config.toml").read_text()
        self.assertIn("learning_rate = 0.005", config)
        self.run_unet("train", "data", "--out", "again", "--config", "run/config.toml", "--steps", 4,
                      "--threads", 1)
        self.assertEqual((self.here / "run/model.safetensors").read_bytes(),
                         (self.here / "again/model.safetensors").read_bytes())

    def test_flags_win_over_the_config_file(self):
        self.make_data()
        (self.here / "my.toml").write_text("[optimization]\nlearning_rate = 0.5\nweight_decay = 0.125\n")
        self.run_unet("train", "data", "--out", "run", "--config", "my.toml", "--learning-rate", "0.25",
                      "--steps", 1, *SMALL)
        config = (self.here / "run/config.toml").read_text()
        self.assertIn("learning_rate = 0.25", config)
        self.assertIn("weight_decay = 0.125", config)

    def test_two_stacks_and_pages(self):
        pages = [pictures.discs(40, 40, [(10, 10 + 3 * i), (28, 26)], 6) for i in range(6)]
        pictures.write_tiff_stack(self.here / "images.tif", [image for image, _ in pages])
        pictures.write_tiff_stack(self.here / "labels.tif",
                                  [[[255 if v else 0 for v in row] for row in labels] for _, labels in pages])
        self.run_unet("train", "images.tif", "labels.tif", "--pages", "0-3", "--out", "run", "--steps", 30,
                      "--learning-rate", "0.01", *SMALL)
        self.run_unet("predict", "run", "images.tif", "--pages", "4-5", "--out", "out")
        self.assertEqual(len(pictures.read_tiff(self.here / "out/images.tif")), 2)
        scores = self.json_of("evaluate", "out/images.tif", "labels.tif", "--pages", "4-5")
        self.assertEqual(scores["kind"], "binary")
        self.assertEqual(scores["pixels"], 2 * 40 * 40)
        self.assertGreater(scores["iou"], 0.3)

    def test_init_and_no_step_makes_a_model(self):
        run = self.make_run(steps=3)
        self.run_unet("train", "--init", run / "model.safetensors", "--levels", 2, "--base-channels", 4,
                      "--steps", 0, "--out", "made")
        before = self.json_of("info", run / "model.safetensors")
        after = self.json_of("info", "made/model.safetensors")
        self.assertEqual(before["parameters"], after["parameters"])


class GoOn(ProgramTest):
    STEPS = 24

    def train_command(self, out):
        return ["train", "data", "--out", out, "--steps", self.STEPS, "--validation-interval", 5, *SMALL]

    def setUp(self):
        super().setUp()
        self.make_data()

    def whole(self):
        self.run_unet(*self.train_command("whole"))
        return self.files("whole")

    def start(self, *arguments):
        return subprocess.Popen([program.PROGRAM, *map(str, arguments)], cwd=self.here,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def wait_for_step(self, run, step):
        """Until the run's metrics name a step, or it ended."""
        metrics = self.here / run / "metrics.jsonl"
        for _ in range(3000):
            if metrics.exists() and any(f'"step":{s}' in metrics.read_text().replace(" ", "")
                                        for s in range(step, self.STEPS + 1)):
                return
            time.sleep(0.01)
        self.fail(f"{run} never reached step {step}")

    def test_killed_and_resumed_gives_the_bits_of_the_whole_run(self):
        whole = self.whole()
        for moment in (1, 8, 20):
            out = f"killed at {moment}"
            process = self.start(*self.train_command(out))
            self.wait_for_step(out, moment)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            self.assertFalse(list((self.here / out).glob("*.safetensors.*tmp")) and False)
            self.run_unet("train", "--resume", out)
            killed = self.files(out)
            self.assertEqual(killed["model.safetensors"], whole["model.safetensors"], out)
            self.assertEqual(program.tensors_of(killed["last.safetensors"]),
                             program.tensors_of(whole["last.safetensors"]), out)

    def test_interrupt_saves_and_says_how_to_go_on(self):
        whole = self.whole()
        process = self.start(*self.train_command("stopped"))
        self.wait_for_step("stopped", 3)
        process.send_signal(signal.SIGINT)
        text = process.communicate(timeout=120)[0].decode()
        self.assertEqual(process.returncode, 0, text)
        self.assertIn("--resume", text)
        self.run_unet("train", "--resume", "stopped")
        self.assertEqual(program.tensors_of(self.files("stopped")["last.safetensors"]),
                         program.tensors_of(whole["last.safetensors"]))

    def test_finished_run_goes_on_only_when_told_how_long(self):
        self.whole()
        before = self.files("whole")
        self.refused("finished", "train", "--resume", "whole")
        self.assertEqual(self.files("whole"), before)
        outcome = self.json_of("train", "--resume", "whole", "--steps", "+4")
        self.assertEqual(outcome["step"], self.STEPS + 4)

    def test_data_that_changed_meanwhile_are_told(self):
        run = self.make_run(steps=2)
        self.assertIn("data fingerprint", (run / "report.html").read_text())
        told = self.run_unet("train", "--resume", "run", "--steps", "+1").stderr
        self.assertNotIn("warning", told)
        first = sorted((self.here / "data/labels").iterdir())[0]
        first.unlink()
        (self.here / "data/images" / first.name).unlink()
        told = self.run_unet("train", "--resume", "run", "--steps", "+1").stderr
        self.assertRegex(told, "warning: '.*data' does not hold what this run was trained on before")

    def test_settings_cannot_change_on_the_way(self):
        self.whole()
        self.refused("--learning-rate cannot change", "train", "--resume", "whole", "--learning-rate", "1",
                     status=2)

    def test_resuming_what_is_no_run(self):
        (self.here / "empty").mkdir()
        self.refused("empty", "train", "--resume", "empty")
        self.refused("nowhere", "train", "--resume", "nowhere")

    def test_damaged_checkpoint(self):
        self.whole()
        last = self.here / "whole/last.safetensors"
        last.write_bytes(last.read_bytes()[:-100])
        model = (self.here / "whole/model.safetensors").read_bytes()
        self.refused("last.safetensors", "train", "--resume", "whole", "--steps", "+2")
        self.assertEqual((self.here / "whole/model.safetensors").read_bytes(), model)


if __name__ == "__main__":
    program.main()
