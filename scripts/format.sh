#!/usr/bin/env bash
# Checks that every source file is formatted as .clang-format says; --fix rewrites them.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(--dry-run --Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -z -- '*.h' '*.cpp' '*.inl' | xargs -0 clang-format "${mode[@]}"
