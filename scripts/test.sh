#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests; says at the end where its time went.
#
#     scripts/test.sh               release build; prediction with each kernel table of this CPU, then
#                                   the whole suite with the fastest (tests of kernels and of the
#                                   network go through all tables by themselves)
#     scripts/test.sh --sanitize    the suite under AddressSanitizer and UBSan, but for what looks at
#                                   texts and at the tree and not at what the program does, and with
#                                   the other tables for what compares bits at length
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
case ${1:-} in
    '') ;;
    --sanitize) preset=sanitize ;;
    *) echo "usage: scripts/test.sh [--sanitize]" >&2; exit 2 ;;
esac

# Runs a step and remembers what it took.
steps=()
timed() {
    local name=$1 start=$SECONDS
    shift
    "$@"
    steps+=("$name=$((SECONDS - start))")
}
timed setup bash scripts/setup.sh
timed configure cmake --preset "$preset"
timed build cmake --build --preset "$preset" --parallel "$(nproc)"

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
run_tests() { ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error "$@"; }

# "kernels  avx512 avx2 reference", fastest first.
tables=$("build/$preset/bin/unet" --version | sed -n 's/^kernels *//p')
[ -n "$tables" ] || { echo "test: unet --version names no kernel table" >&2; exit 1; }
fastest=${tables%% *}

# Sums of one table are compared with each other there, for minutes under the sanitizers.
at_length=()
[ "$preset" != sanitize ] || at_length=(--exclude-regex '^predict:(averaging|magnified|object_stream|options|seams|size_finder)$')

# The other tables first, so that the last lines are those of the whole suite.
for table in $tables; do
    [ "$table" != "$fastest" ] || continue
    echo "== kernels $table: prediction"
    UNET_KERNELS=$table timed "tests of prediction, $table" run_tests --tests-regex '^predict:' "${at_length[@]}"
done
echo "== kernels $fastest: everything"
results=build/$preset/tests.xml
UNET_KERNELS=$fastest timed tests run_tests --output-junit "$PWD/$results"
python3 scripts/test_times.py "$results" "${steps[@]}"
