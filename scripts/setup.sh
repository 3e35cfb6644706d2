#!/usr/bin/env bash
# Installs the Debian packages that building and testing need; does nothing when all are there.
# As root, or as a user with sudo.
set -euo pipefail

packages=(
    cmake ninja-build g++ python3 pkg-config # build, tests
    libtiff-dev libpng-dev libjpeg62-turbo-dev zlib1g-dev libpugixml-dev
    libblosc-dev libdeflate-dev libzstd-dev     # images
    libutf8proc-dev                             # names in Unicode
    libhwy-dev librandom123-dev                 # SIMD, random numbers
    libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libfmt-dev
    libgtest-dev libbenchmark-dev
    groff-base man-db zsh                       # tests: manual page, completion
)

if ! command -v dpkg-query > /dev/null; then
    echo "setup: not a Debian system; please install what these packages hold: ${packages[*]}" >&2
    exit 0
fi
missing=()
own=$(dpkg --print-architecture)
for package in "${packages[@]}"; do
    # A package may be there for several architectures (scripts/arm64.sh): a line for each.
    states=$(dpkg-query -W -f='${Architecture} ${db:Status-Status}\n' "$package" 2> /dev/null || true)
    grep -Eqx "($own|all) installed" <<< "$states" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "setup: all ${#packages[@]} packages are installed" >&2
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "setup: missing ${missing[*]}; install them as root, or install sudo" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "${missing[@]}" > /dev/null
