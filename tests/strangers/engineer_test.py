"""An engineer who embeds the library: the example runs with the model that comes along, on two threads."""
import os
import subprocess

import nuclei
import program
from program import ProgramTest

MODEL = nuclei.NUCLEI.parents[1] / "models" / "nuclei.safetensors"


class Engineer(ProgramTest):
    def test_two_cameras_share_the_model(self):
        done = subprocess.run([os.environ["UNET_EMBED"], MODEL], text=True, capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = sorted(done.stdout.splitlines())
        self.assertEqual(len(lines), 10)
        for frame in range(5):
            self.assertEqual(lines[frame].split("frame")[1], lines[5 + frame].split("frame")[1])

    def test_a_model_that_is_none_is_one_clear_error(self):
        done = subprocess.run([os.environ["UNET_EMBED"], "nowhere"], text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^embed: .*nowhere")


if __name__ == "__main__":
    program.main()
