#!/usr/bin/env bash
# Throws broken files at every reader (tests/fuzz) with clang's libFuzzer, under AddressSanitizer and UBSan.
# As root, or as a user with sudo, where clang is missing.
#     scripts/fuzz.sh [SECONDS [TARGET...]]     for each target (all of them), 60 if not said
# An input that breaks a reader is kept in build/fuzz/found/TARGET: mend the reader and move it to
# tests/fuzz/found/TARGET, where the ordinary tests read it again.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(tiff png jpeg nifti zarr annotation model)

packages=(clang libomp-dev libclang-rt-14-dev)
bash scripts/setup.sh
if ! dpkg-query -W "${packages[@]}" > /dev/null 2>&1; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    echo "fuzz: installing ${packages[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${packages[@]}" > /dev/null
fi

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --parallel "$(nproc)" --target fuzzers > build/fuzz/build.log ||
    { tail -30 build/fuzz/build.log >&2; exit 1; }
python3 tests/fuzz/make_corpus.py build/fuzz/corpus

# 5 seconds and 1 GB for one input, 512 MB for one allocation: what is beyond is a fault. (The seconds
# are those of the clock: beside much other work an input may be taken for a hang that is none.)
limits=(-timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=16384)
failed=0
total=0
for target in "${targets[@]}"; do
    mkdir -p "build/fuzz/corpus/$target" "build/fuzz/found/$target" "tests/fuzz/found/$target"
    log=build/fuzz/$target.log
    case $target in tiff | png | jpeg | nifti) program=picture ;; *) program=$target ;; esac
    if build/fuzz/tests/fuzz/fuzz_"$program" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$target/" "build/fuzz/corpus/$target" "tests/fuzz/found/$target" \
        > "$log" 2>&1; then
        state="no fault"
    else
        state="FAULT, see $log"
        failed=1
    fi
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: ${inputs:-?} inputs, $state"
    total=$((total + ${inputs:-0}))
    rmdir --ignore-fail-on-non-empty "tests/fuzz/found/$target"
done
echo "all: $total inputs"
exit "$failed"
