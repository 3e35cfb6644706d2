#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests.
#
#     scripts/test.sh               release build; prediction with each kernel table of this CPU, then
#                                   the whole suite with the fastest (tests of kernels and of the
#                                   network go through all tables by themselves)
#     scripts/test.sh --sanitize    the whole suite under AddressSanitizer and UBSan
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
case ${1:-} in
    '') ;;
    --sanitize) preset=sanitize ;;
    *) echo "usage: scripts/test.sh [--sanitize]" >&2; exit 2 ;;
esac

bash scripts/setup.sh
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)"

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
run_tests() { ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error "$@"; }

# "kernels  avx512 avx2 reference", fastest first.
tables=$("build/$preset/bin/unet" --version | sed -n 's/^kernels *//p')
[ -n "$tables" ] || { echo "test: unet --version names no kernel table" >&2; exit 1; }
fastest=${tables%% *}

# The other tables first, so that the last lines are those of the whole suite.
for table in $tables; do
    [ "$table" != "$fastest" ] || continue
    echo "== kernels $table: prediction"
    UNET_KERNELS=$table run_tests --tests-regex '^predict:'
done
echo "== kernels $fastest: everything"
UNET_KERNELS=$fastest run_tests
