#!/usr/bin/env bash
# Runs clang-tidy (.clang-tidy) over the sources, or over the files named; needs Debian's clang-tidy.
#     scripts/lint.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
# Precompiled headers are GCC's and mean nothing to clang-tidy: a configuration without them.
cmake --preset release -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > /dev/null
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files -- '*.cpp'); fi
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p build/lint
