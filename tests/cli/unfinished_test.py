"""What is kept of unfinished predictions: who may write, go on and remove it, and inputs that change."""
import ctypes
import errno
import fcntl
import os
import platform
import resource
import shutil
import signal
import socket
import struct
import subprocess
import time
import unittest

import pictures
import program
from program import PROGRAM, ProgramTest

FLAGS = ["--tile", 64, "--threads", 1, "--what", "probabilities"]
EDGE = 700  # large enough to be stopped in the midst
SET_LOCK, SET_LOCK_AND_WAIT = 37, 38  # F_OFD_SETLK, F_OFD_SETLKW of linux/fcntl.h


def small_files_only():
    """In the child: a file beyond 100,000 bytes, which tiles do not have and the result does, fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def without_locks():
    """In the child: fcntl refuses locks, as on a file system that has none (seccomp(2): a filter of system calls)."""
    call = {"x86_64": 72, "aarch64": 25}[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06
    steps = [(load, 0, 0, 0), (equal, 0, 4, call), (load, 0, 0, 24), (equal, 1, 0, SET_LOCK),
             (equal, 0, 1, SET_LOCK_AND_WAIT), (give, 0, 0, 0x50000 | errno.ENOLCK), (give, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    asked = Filter(len(steps), ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(38, 1, 0, 0, 0) or system.prctl(22, 2, ctypes.byref(asked), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter of system calls")


class Unfinished(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.train()
        self.write("slide.tif")

    def write(self, name, edge=EDGE, flip=False):
        rows = pictures.slanted(edge, edge)
        (self.here / name).parent.mkdir(exist_ok=True)
        pictures.write_tiff_stack(self.here / name, [rows[::-1] if flip else rows])

    def predict(self, *arguments, name="slide.tif", out="out", **options):
        return self.run_unet("predict", "run", name, "--out", out, *FLAGS, *arguments, **options)

    def begin(self, *arguments, name="slide.tif", endings=(".tile", ".tmp")):
        """A program at work; stopped when it has computed something, or with ".tmp" alone, writes the result."""
        def there():  # os.walk passes over what goes while it looks
            return {name for _, folders, files in os.walk(self.here / "out") for name in [*folders, *files]}

        before = there()
        running = subprocess.Popen([PROGRAM, "predict", "run", name, "--out", "out", *map(str, [*FLAGS, *arguments])],
                                   cwd=self.here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        while running.poll() is None:
            stem = name.split(".")[0]
            if any(new.endswith(endings) and (new.endswith(".tile") or new.startswith(stem))
                   for new in there() - before):
                break
            time.sleep(0.001)
        running.send_signal(signal.SIGSTOP)
        self.assertIsNone(running.poll())
        return running

    def is_whole(self):
        """The result is that of one run, and nothing else is left."""
        out, whole = self.files("out"), self.files("whole")
        self.assertEqual(sorted(out), sorted(whole))
        self.assertTrue(out == whole)  # a difference of megabytes is not to be shown

    def go_on(self, running):
        """Exit status, what it wrote, and its errors."""
        running.send_signal(signal.SIGCONT)
        told = running.communicate(timeout=100)
        return running.returncode, *told

    def test_the_share_that_writes_fails_or_is_killed(self):
        self.predict(out="whole")
        for killed in (False, True):
            shutil.rmtree(self.here / "out", ignore_errors=True)
            self.predict("--part", "1/2")
            if killed:
                running = self.begin("--part", "2/2", endings=(".tmp",))
                running.kill()
                self.assertEqual(running.wait(100), -signal.SIGKILL)
            else:
                self.predict("--part", "2/2", status=1, preexec_fn=small_files_only)
            self.assertFalse((self.here / "out/slide.tif").exists())
            self.predict("--part", "1/2")
            self.is_whole()

    def test_one_share_writes(self):
        self.predict(out="whole")
        self.predict("--part", "1/2")
        with open(self.here / "out/.unfinished/slide/lock", "r+b") as lock:
            writing = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1, 1, 0)  # struct flock, its second byte
            fcntl.fcntl(lock, SET_LOCK, writing)
            told = self.predict("--part", "2/2").stdout
            self.assertEqual(told, "slide.tif: this share is done, the result is being written by another share\n")
            self.assertFalse((self.here / "out/slide.tif").exists())
        self.predict("--part", "2/2")
        self.is_whole()

    def test_shares_at_once(self):
        self.predict(out="whole")
        for _ in range(3):
            shutil.rmtree(self.here / "out", ignore_errors=True)
            running = [subprocess.Popen([PROGRAM, "predict", "run", "slide.tif", "--out", "out", *map(str, FLAGS), "--part",
                                         f"{part}/4"], cwd=self.here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                       for part in range(1, 5)]
            self.assertEqual([share.wait(100) for share in running], [0] * 4)
            self.is_whole()

    @unittest.skipUnless(platform.machine() in ("x86_64", "aarch64"), "system calls have other numbers")
    def test_where_the_file_system_has_no_locks(self):
        self.predict(out="whole")
        self.predict("--part", "1/2", preexec_fn=without_locks)
        writer = self.here / "out/.unfinished/slide/writer"
        for process, machine in ((os.getpid(), socket.gethostname()), (1, "elsewhere")):
            writer.write_text(f"{process} {machine}\n")
            told = self.predict("--part", "2/2", preexec_fn=without_locks).stdout
            self.assertIn(f"the result is being written by process {process} of machine {machine} (if it has ended, remove "
                          "out/.unfinished/slide/writer and run this share again)", told)
        ended = subprocess.Popen(["true"])
        ended.wait()
        writer.write_text(f"{ended.pid} {socket.gethostname()}\n")
        self.predict("--part", "2/2", preexec_fn=without_locks)
        self.is_whole()
        # One that fails says that it writes no more.
        shutil.rmtree(self.here / "out")

        def full():
            without_locks()
            small_files_only()

        self.predict("--resume", "--part", "1/2", preexec_fn=without_locks)
        self.predict("--part", "2/2", preexec_fn=full, status=1)
        self.assertFalse(writer.exists())

    def test_an_input_that_changes_while_it_is_read(self):
        def anew():
            self.write("slide.tif", flip=True)

        def replaced():
            shutil.copy2(self.here / "slide.tif", self.here / "new.tif")
            os.rename(self.here / "new.tif", self.here / "slide.tif")

        def shorter():
            os.truncate(self.here / "slide.tif", 40_000)

        for flags in ([], ["--resume"], ["--part", "1/2"], ["--format", "ome-zarr"]):
            for change in (anew, replaced, shorter):
                with self.subTest(flags=flags, change=change.__name__):
                    self.write("slide.tif")
                    running = self.begin(*flags)
                    change()
                    status, _, errors = self.go_on(running)
                    self.assertEqual(status, 1)
                    self.assertRegex(errors, "unet: slide.tif: changed while it was read, so no result was written")
                    self.assertEqual(list((self.here / "out").iterdir()), [])

    def test_a_mask_that_changes_while_it_is_read(self):
        pictures.write_png(self.here / "mask.png", [[1] * EDGE] * EDGE)
        running = self.begin("--where", "mask.png")
        pictures.write_png(self.here / "mask.png", [[1] * (EDGE // 2) + [0] * (EDGE // 2)] * EDGE)
        self.assertRegex(self.go_on(running)[2], "mask.png: changed while it was read")

    def test_an_ome_zarr_that_changed(self):
        pictures.write_zarr(self.here / "slide.zarr", pictures.slanted(EDGE, EDGE), 128)
        self.predict("--part", "1/2", name="slide.zarr")
        self.predict("--part", "1/2", name="slide.zarr")  # the same is found the same
        chunk = self.here / "slide.zarr/0/1.1"
        chunk.write_bytes(chunk.read_bytes()[::-1])
        refused = self.predict("--resume", name="slide.zarr", status=1)
        self.assertRegex(refused.stderr, "begun with another file of that name, or one that has changed since")
        shutil.rmtree(self.here / "out")
        running = self.begin("--resume", name="slide.zarr")
        chunk.write_bytes(chunk.read_bytes()[::-1])
        self.assertRegex(self.go_on(running)[2], "slide.zarr: changed while it was read")

    def test_files_of_one_stem(self):
        for name, flip in (("a/slide.tif", False), ("b/slide.tif", True), ("b/slide.tiff", False)):
            self.write(name, flip=flip)
            os.utime(self.here / name, (10**9, 10**9))
        self.predict("--part", "1/2", name="a/slide.tif")
        for other in ("b/slide.tif", "b/slide.tiff"):
            self.assertRegex(self.predict("--resume", name=other, status=1).stderr, "begun with another file of that name")
        # Found again by another path, as on another machine.
        shutil.move(self.here / "a", self.here / "c")
        self.predict("--part", "2/2", name="c/slide.tif")
        self.assertEqual(list(self.files("out")), ["slide.tif"])

    def test_a_run_forgets_only_its_own(self):
        self.write("other.tif", edge=100)
        self.predict("--resume", name="other.tif", out="whole")
        self.predict("--resume", out="whole")
        self.predict("--part", "1/2")
        kept = {name for name in self.files("out") if name.endswith(".tile")}
        self.predict("--resume", name="other.tif")
        self.assertEqual({name for name in self.files("out") if name.endswith(".tile")}, kept)
        running = self.begin("--resume")
        self.predict("--resume", name="other.tif")
        self.predict("--resume")  # the same picture
        self.assertEqual(self.go_on(running)[0], 0)
        self.is_whole()


if __name__ == "__main__":
    program.main()
