"""What `cmake --install` leaves behind serves a project outside, by find_package and by pkg-config.

    python3 package_test.py SOURCE BUILD CMAKE COMPILER
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD, CMAKE, COMPILER = pathlib.Path(sys.argv[1]), *sys.argv[2:5]
OUTSIDE = SOURCE / "tests/package/outside"


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True, **more)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="unet package ")
        cls.addClassCleanup(folder.cleanup)
        cls.here = pathlib.Path(folder.name)
        run(CMAKE, "--install", BUILD, "--prefix", cls.here / "first")
        cls.prefix = cls.here / "installed"  # an installed tree may be moved
        (cls.here / "first").rename(cls.prefix)

    def check_outside_program(self, program):
        picture = next((SOURCE / "examples/nuclei/train/images").glob("*.png"))
        result = self.here / f"{program.name}.tif"
        counted, error = run(program, picture, result).splitlines()
        self.assertRegex(counted, r"^\d+ labels$")
        self.assertIn("nowhere.png", error)
        self.assertGreater(result.stat().st_size, 0)

    def test_find_package(self):
        build = self.here / "build"
        run(CMAKE, "-G", "Ninja", "-S", OUTSIDE, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DCMAKE_BUILD_TYPE=Debug")
        run(CMAKE, "--build", build)
        self.check_outside_program(build / "outside")

    def test_pkg_config(self):
        libraries = next(self.prefix.rglob("unet.pc")).parent
        environment = {**os.environ, "PKG_CONFIG_PATH": str(libraries)}
        # Quoted by pkg-config for a shell: the folder's name has a blank.
        flags = run("pkg-config", "--static", "--cflags", "--libs", "unet", env=environment).strip()
        program = self.here / "by_pkg_config"
        run("sh", "-c", f'"$0" -std=c++20 "$1" -o "$2" {flags}', COMPILER, OUTSIDE / "main.cpp", program)
        self.check_outside_program(program)

    def test_the_program_runs(self):
        self.assertRegex(run(self.prefix / "bin/unet", "--version"), r"\d+\.\d+\.\d+")

    def test_headers_are_those_that_the_face_includes(self):
        needed, open_ends = set(), ["unet/unet.h"]
        while open_ends:
            header = open_ends.pop()
            if header not in needed:
                needed.add(header)
                open_ends += re.findall(r'#include "(unet/[^"]+)"', (SOURCE / header).read_text())
        include = self.prefix / "include"
        installed = {path.relative_to(include).as_posix() for path in include.rglob("*.h")}
        self.assertEqual(installed, needed)

    def test_nothing_names_where_it_was_built_or_installed(self):
        for path in self.prefix.rglob("*"):
            if path.suffix in (".cmake", ".pc", ".h"):
                text = path.read_text()
                for place in (str(SOURCE), BUILD, str(self.here / "first")):
                    self.assertNotIn(place, text, path)

    def test_models_come_along(self):
        models = {path.name for path in (SOURCE / "models").glob("*.safetensors")}
        self.assertEqual({path.name for path in self.prefix.glob("share/unet/models/*")}, models)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
