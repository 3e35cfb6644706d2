"""Each architecture check fires on the fault that it is there for, and is silent on a sound tree.

    python3 checks_fire_test.py COMPILER
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
COMPILER = sys.argv.pop()


class ChecksFire(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("unet/unet.h", '#include "unet/core/a.h"\n')
        self.write("unet/core/a.h", "#pragma once\nstruct A {};\n")
        self.write("unet/train/t.cpp", '#include "unet/core/a.h"\n')
        self.write("unet/train/CMakeLists.txt", "unet_module(train SOURCES t.cpp DEPENDS data predict)\n")
        self.write("apps/cli/main.cpp", '#include "unet/unet.h"\n')
        self.write("apps/cli/verbs/verbs.h", '    {"train", "train a network", train},\n')
        self.write("unet/core/texts.cpp", 'fail("`grey` and `train` do it -- a unet trained");\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, script, *arguments):
        return subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], text=True,
                              capture_output=True)

    def silent(self, script, *arguments):
        done = self.run_check(script, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def fires(self, script, words, *arguments):
        done = self.run_check(script, *arguments)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(words, done.stdout)

    def test_sound_tree_passes(self):
        self.silent("check_arrows.py", self.root)
        self.silent("check_files.py", self.root)
        self.silent("check_system.py", self.root)
        self.silent("check_words.py", self.root)
        self.silent("check_headers.py", self.root, COMPILER)

    def test_empty_tree_is_no_pass(self):
        with tempfile.TemporaryDirectory() as empty:
            self.fires("check_arrows.py", "0 includes", empty)
            self.fires("check_files.py", "0 files", empty)
            self.fires("check_system.py", "0 files", empty)

    def test_upward_include(self):
        self.write("unet/predict/p.cpp", '#include "unet/train/t.h"\n')
        self.fires("check_arrows.py", "unet/predict/p.cpp:1: predict stands below", self.root)

    def test_sideways_include(self):
        self.write("unet/evaluate/e.h", '\n#include "unet/image/i.h"\n')
        self.fires("check_arrows.py", "unet/evaluate/e.h:2", self.root)

    def test_transitive_include_is_allowed(self):
        self.write("unet/train/t.cpp", '#include "unet/kernels/k.h"\n')
        self.silent("check_arrows.py", self.root)

    def test_format_that_includes_another(self):
        self.write("unet/image/zarr/z.cpp", '#include "unet/image/zarr/z.h"\n#include "unet/image/stored.h"\n')
        self.write("unet/image/format.cpp", '#include "unet/image/zarr/z.h"\n')
        self.write("unet/data/d.cpp", '#include "unet/image/zarr/z.h"\n')
        self.silent("check_arrows.py", self.root)
        for place, fault in (("png/p.cpp", "a format does not include another's zarr/"),
                             ("stored.h", "only format.cpp includes the folders of formats")):
            self.write("unet/image/" + place, '#include "unet/image/zarr/z.h"\n')
            self.fires("check_arrows.py", f"unet/image/{place}:1: {fault}", self.root)
            (self.root / "unet/image" / place).unlink()

    def test_unlisted_folder(self):
        self.write("unet/magic/m.h", '#include "unet/core/a.h"\n')
        self.fires("check_arrows.py", "unet/magic is not listed", self.root)

    def test_program_that_looks_behind_the_face(self):
        for place in ("apps/cli/x.cpp", "examples/x.cpp"):
            self.write(place, '#include "unet/core/a.h"\n')
            self.fires("check_arrows.py", place + ':1: include "unet/unet.h"', self.root)
            (self.root / place).unlink()

    def test_library_that_includes_its_face(self):
        self.write("unet/nn/n.cpp", '#include "unet/unet.h"\n')
        self.fires("check_arrows.py", "does not include its own face", self.root)

    def test_test_that_includes_what_stands_above(self):
        self.write("tests/core/a_test.cpp", '#include "unet/nn/n.h"\n')
        self.fires("check_arrows.py", "tests/core/a_test.cpp:1", self.root)

    def test_upward_dependency_in_cmake(self):
        self.write("unet/nn/CMakeLists.txt", "unet_module(nn SOURCES n.cpp\n  DEPENDS model)\n")
        self.fires("check_arrows.py", "nn must not depend on model", self.root)

    def test_folder_named_after_nothing(self):
        self.write("unet/core/utils/x.h", "")
        self.fires("check_files.py", "unet/core/utils: named after nothing", self.root)

    def test_file_named_after_nothing(self):
        self.write("apps/cli/helpers.cpp", "")
        self.fires("check_files.py", "apps/cli/helpers.cpp: named after nothing", self.root)

    def test_long_file(self):
        self.write("unet/core/long.cpp", "\n" * 400)
        self.silent("check_files.py", self.root)
        self.write("unet/core/long.cpp", "\n" * 401)
        self.fires("check_files.py", "unet/core/long.cpp: 401 lines", self.root)

    def test_system_asked_outside_its_layer(self):
        for line in ("#include <unistd.h>", "#include <sys/stat.h>", '  std::ifstream file("/proc/self/status");',
                     "  int file = ::open(name, O_RDONLY);", "  sysconf(_SC_PHYS_PAGES);", "  std::fopen(name, \"a\");",
                     "  std::aligned_alloc(64, 64);", "  std::signal(SIGINT, f);"):
            self.write("unet/core/system/s.cpp", line)
            self.write("apps/cli/main.cpp", "// open(), /proc: spoken of\nvoid f() { file.open(); RunFolder::open(); }\n")
            self.silent("check_system.py", self.root)
            for place in ("unet/image/i.cpp", "apps/cli/main.cpp"):
                self.write(place, "\n" + line + "\n")
                self.fires("check_system.py", place + ":2", self.root)
                (self.root / place).unlink()

    def test_streams_written_outside_of_their_place(self):
        for line in ('  fmt::print("{}", 1);', '  fmt::print(stderr, "x");', '  std::cout << 1;', '  std::fputs("x", stderr);',
                     '  fprintf(stderr, "x");'):
            self.write("apps/cli/terminal/streams.cpp", line)
            self.silent("check_system.py", self.root)
            for place in ("unet/image/i.cpp", "apps/cli/main.cpp"):
                self.write(place, "\n" + line + "\n")
                self.fires("check_system.py", place + ":2", self.root)
                (self.root / place).unlink()

    def test_text_of_the_library_that_names_a_flag_or_a_verb(self):
        self.write("apps/cli/main.cpp", 'tell("--grey makes all grey, as unet train does");\n')
        self.write("unet/core/t.cpp", '// "--grey", as unet train\nauto a = R"(p { color: var(--text); --text: grey })";\n')
        self.silent("check_words.py", self.root)
        for text, words in (('"by --grey"', "'--grey'"), ('"`unet "\n  "train` does"', "'unet train'"), ('R"(\n\n--no-flips)"', "'--no-flips'"),
                            ('"a \\"b\\" --init"', "'--init'")):
            self.write("unet/core/t.cpp", f"\nfail({text});\n")
            self.fires("check_words.py", f"unet/core/t.cpp:2: {words}", self.root)

    def test_full_folder(self):
        for i in range(40):
            self.write(f"unet/nn/n{i}.cpp", "")
        self.silent("check_files.py", self.root)
        self.write("unet/nn/n40.cpp", "")
        self.fires("check_files.py", "unet/nn: 41 sources", self.root)

    def test_header_that_needs_another_one(self):
        self.write("unet/core/b.h", "#pragma once\ninline std::string name();\n")
        self.fires("check_headers.py", "unet/core/b.h does not compile alone", self.root, COMPILER)

    def test_header_without_guard(self):
        self.write("unet/core/b.h", "struct B {};\n")
        self.fires("check_headers.py", "redefinition", self.root, COMPILER)


class IsaObjects(unittest.TestCase):
    """check_isa_objects.py on small objects made here; x86 only."""

    KERNEL = """
        #include <immintrin.h>
        template <class T> T sum(const T* x) {
            T total = x[0];
            for (int i = 1; i < 64; ++i) total = total + x[i];
            return total;
        }
        namespace N_AVX2 {
        template <class T> T inside(const T* x) { return sum(x); }
        %s
        }
    """

    def run_check(self, body):
        with tempfile.TemporaryDirectory() as folder:
            built = f"{folder}/kernel.o"
            subprocess.run([COMPILER, "-x", "c++", "-std=c++20", "-mavx2", "-O1", "-fno-inline", "-c", "-",
                            "-o", built], input=self.KERNEL % body, text=True, check=True)
            return subprocess.run([sys.executable, str(HERE / "check_isa_objects.py"), built], text=True,
                                  capture_output=True)

    def test_shared_function_in_a_target_region(self):
        done = self.run_check("__m256 f(const __m256* x) { return inside(x); }")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("sum", done.stdout)

    def test_function_of_the_target_only(self):
        done = self.run_check("__m256 f(const __m256* x) { return _mm256_add_ps(x[0], x[1]); }")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_nothing_wide_is_no_pass(self):
        self.assertEqual(self.run_check("int f() { return 1; }").returncode, 1)


if __name__ == "__main__":
    import platform
    if platform.machine() not in ("x86_64", "AMD64"):
        del IsaObjects
    unittest.main()
