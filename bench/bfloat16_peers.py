#!/usr/bin/env python3
"""One forward pass in float32 and bfloat16: `unet bench network` and OpenVINO in turn, on the same network.

    bench/bfloat16_peers.py build/release/bin/unet [--preset ronneberger2015 --size 572] [--rounds 5] [--threads 2]

--preset default is the network of `unet train` (4 levels of 16 channels, padded). Weights are drawn, so that values
mean nothing. Best and median seconds, and the median over rounds of each engine's time divided by ours in bfloat16.
Needs numpy and OpenVINO, and a processor with amx_bf16.
"""
import argparse
import json
import statistics
import subprocess
import time

import numpy as np
import openvino
from openvino import opset8 as op

# levels, channels at full resolution, padding of a convolution
PRESETS = {"ronneberger2015": (5, 64, 0), "default": (4, 16, 1)}


def network(preset, size):
    levels, base, padding = PRESETS[preset]
    draw = np.random.default_rng(1)

    def drawn(*shape, fan_in):
        return op.constant((draw.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32))

    def with_bias(x, channels):
        return op.add(x, op.constant(np.zeros((1, channels, 1, 1), np.float32)))

    def convolution(x, before, after, edge, pad):
        weight = drawn(after, before, edge, edge, fan_in=edge * edge * before)
        return with_bias(op.convolution(x, weight, [1, 1], [pad] * 2, [pad] * 2, [1, 1]), after)

    def level(x, before, after, edge):
        for channels in (before, after):
            x = op.relu(convolution(x, channels, after, 3, padding))
        return x, edge - 4 * (1 - padding)

    first = op.parameter([1, 1, size, size], np.float32)
    x, channels, edge, skips = first, 1, size, []
    for each in range(levels):
        if each:
            x, edge = op.max_pool(x, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2]).output(0), edge // 2
        x, edge = level(x, channels, base << each, edge)
        channels = base << each
        skips.append((x, edge))
    for each in reversed(range(levels - 1)):
        after = base << each
        weight = drawn(channels, after, 2, 2, fan_in=channels)
        x = op.relu(with_bias(op.convolution_backprop_data(x, weight, strides=[2, 2], pads_begin=[0, 0], pads_end=[0, 0],
                                                           dilations=[1, 1]), after))
        edge *= 2
        skip, skip_edge = skips[each]
        if begin := (skip_edge - edge) // 2:
            skip = op.strided_slice(skip, [0, 0, begin, begin], [0, 0, begin + edge, begin + edge], [1] * 4, [1, 1, 0, 0],
                                    [1, 1, 0, 0])
        x, edge = level(op.concat([x, skip], 1), 2 * after, after, edge)
        channels = after
    return openvino.Model([convolution(x, channels, 2, 1, 0)], [first])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--preset", choices=PRESETS, default="ronneberger2015")
    parser.add_argument("--size", type=int, default=572)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()

    model, core = network(given.preset, given.size), openvino.Core()
    image = np.random.default_rng(2).standard_normal((1, 1, given.size, given.size)).astype(np.float32)

    def of_openvino(precision):
        request = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY",
                                                    "INFERENCE_NUM_THREADS": given.threads}).create_infer_request()

        def best():
            request.infer({0: image})
            times = []
            for _ in range(3):
                start = time.perf_counter()
                request.infer({0: image})
                times.append(time.perf_counter() - start)
            return min(times)
        return best

    def of_ours(precision):
        words = [given.program, "bench", "network", "--preset", given.preset, "--size", given.size, "--precision", precision,
                 "--threads", given.threads, "--repeat", 3, "--json"]
        return lambda: json.loads(subprocess.run(list(map(str, words)), capture_output=True, check=True).stdout)["min_s"]

    engines = {"OpenVINO bf16": of_openvino("bf16"), "OpenVINO fp32": of_openvino("f32"), "unet fp32": of_ours("fp32"),
               "unet bf16": of_ours("bf16")}
    times = {name: [] for name in engines}
    for _ in range(given.rounds):
        for name, best in engines.items():
            times[name].append(best())
    with open("/proc/cpuinfo", encoding="ascii") as file:
        flags = next((line for line in file if line.startswith("flags")), "").split()
    print("flags:", *[flag for flag in flags if flag.startswith(("amx", "avx512_bf16", "avx512f"))])
    for name, seconds in times.items():
        ratios = [one / ours for one, ours in zip(seconds, times["unet bf16"])]
        print(f"{name:14} best {min(seconds):.3f} s, median {statistics.median(seconds):.3f} s, "
              f"{statistics.median(ratios):.2f} times unet bf16")


if __name__ == "__main__":
    main()
