#!/usr/bin/env bash
# Builds for 64-bit ARM with Debian's cross compiler and runs the tests of the kernels (NEON, and the
# reference) and of the network under qemu. As root, or as a user with sudo; installs packages of
# the foreign architecture.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(g++-aarch64-linux-gnu qemu-user-static
    libfmt-dev:arm64 libgtest-dev:arm64 libhwy-dev:arm64 libpng-dev:arm64 libtiff-dev:arm64 zlib1g-dev:arm64
    libjpeg62-turbo-dev:arm64 libpugixml-dev:arm64 libblosc-dev:arm64 libdeflate-dev:arm64 libzstd-dev:arm64
    libutf8proc-dev:arm64)

bash scripts/setup.sh
if ! dpkg-query -W "${packages[@]}" > /dev/null 2>&1; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    echo "arm64: installing ${packages[*]}" >&2
    "${as_root[@]}" dpkg --add-architecture arm64
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${packages[@]}" > /dev/null
fi

cmake --preset arm64 -DUNET_BENCH=OFF
cmake --build --preset arm64 --parallel "$(nproc)" --target unet_cli kernels_tests nn_tests
qemu-aarch64-static build/arm64/bin/unet --version
ctest --preset arm64 --parallel "$(nproc)" --no-tests=error \
    --tests-regex '^(kernels|nn):' "$@"
