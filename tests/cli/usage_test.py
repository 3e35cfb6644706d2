"""What the program says before it does anything: usage, help, version, unknown words."""
import os
import subprocess

import program
from program import ProgramTest

VERBS = ["info", "check", "data", "train", "predict", "plan", "objects", "evaluate", "measure", "report", "bench", "completion",
         "man"]


class Usage(ProgramTest):
    def test_bare_program_prints_usage_on_stderr(self):
        done = self.run_unet(status=2)
        self.assertEqual(done.stdout, "")
        for verb in VERBS:
            self.assertIn(f"\n  {verb} ", done.stderr)

    def test_help_goes_to_stdout(self):
        for word in ("--help", "-h", "help"):
            done = self.run_unet(word)
            self.assertEqual(done.stderr, "")
            self.assertIn("usage: unet VERB", done.stdout)

    def test_every_verb_teaches_by_example(self):
        for verb in VERBS:
            done = self.run_unet(verb, "--help")
            self.assertEqual(done.stderr, "")
            self.assertIn(f"usage: unet {verb} ", done.stdout)
            self.assertIn(f"\nexamples:\n  unet {verb} ", done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)

    def test_version_names_the_kernels(self):
        lines = self.run_unet("--version").stdout.splitlines()
        self.assertRegex(lines[0], r"^unet \d+\.\d+\.\d+$")
        self.assertRegex(lines[1], r"^kernels( [\w-]+)* reference$")

    def test_unknown_verb_names_the_nearest(self):
        self.refused("no verb 'trian', did you mean train", "trian", status=2)
        self.refused("no verb 'xyzzy';", "xyzzy", status=2)

    def test_unknown_flag_names_the_nearest(self):
        self.refused("no flag --batchsize, did you mean --batch-size", "train", "d", "--batchsize", "4",
                     status=2)
        self.refused("no flag --overlya, did you mean --overlay", "predict", "m", "i", "--out", "o",
                     "--overlya", status=2)
        self.refused("no flag --xyzzyxyzzy;", "info", "m", "--xyzzyxyzzy", status=2)
        self.refused("no flag -o", "predict", "m", "i", "-o", "out", status=2)

    def test_flag_without_its_value(self):
        self.refused("--out", "predict", "m", "i", "--out", status=2)
        self.refused("--out needs a value", "predict", "m", "i", "--out", "--overlay", status=2)

    def test_value_out_of_range(self):
        self.refused("--threads: found -1, expected a whole number from 0", "predict", "m", "i", "--out", "o",
                     "--threads", "-1", status=2)
        self.refused("--size: found 'big', expected a whole number", "info", "m", "--size", "big", status=2)

    def test_wrong_number_of_operands(self):
        for arguments in (["info"], ["info", "a", "b", "c"], ["predict", "m"], ["evaluate", "a"], ["bench"]):
            done = self.refused("found [0123] operand.*usage: unet", *arguments, status=2)
            self.assertIn("--help", done.stderr)

    def test_unknown_kernel_table(self):
        self.refused("avx9.*reference", "bench", "network", "--preset", "default", "--size", "64",
                     env={**os.environ, "UNET_KERNELS": "avx9"})

    def test_full_disk_on_stdout(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w") as full:
            done = subprocess.run([program.PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    program.main()
