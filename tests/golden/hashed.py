"""Numbers that Python and C++ draw alike (the C++ twin is tests/nn/hashed.h).

A value is a pure function of a name and an index, so that 31 million weights need not be stored:
word(name, index) = mix(mix(index) + fnv1a(name)) in 32-bit arithmetic, where mix is the finaliser
of MurmurHash3 (Appleby, public domain). uniform(word) = (word >> 8) / 2^23 - 1 lies in [-1, 1) and
is exact in float32.
"""
import numpy as np


def mix(words):
    words = words ^ (words >> np.uint32(16))
    words = words * np.uint32(0x85EBCA6B)
    words = words ^ (words >> np.uint32(13))
    words = words * np.uint32(0xC2B2AE35)
    return words ^ (words >> np.uint32(16))


def words(name, count):
    start = 0x811C9DC5
    for byte in name.encode():
        start = (start ^ byte) * 0x01000193 & 0xFFFFFFFF
    return mix(mix(np.arange(count, dtype=np.uint32)) + np.uint32(start))


def uniform(name, count):
    return (words(name, count) >> np.uint32(8)).astype(np.float32) / np.float32(1 << 23) - np.float32(1)


def parameter(name, shape, fan_in, calm):
    """Initial value of a parameter, float32. Weights have variance 2 / fan_in, as section 3 of the
    paper asks; what usually starts at 0 or 1 is drawn around it, so that a mistake shows.

    `calm`: biases of at least a half and weights of a fifth, so that no sum before a ReLU comes
    near 0 (about five standard deviations away): channels are open or shut as a whole."""
    values = uniform(name, int(np.prod(shape)))
    if calm and name.endswith("bias"):
        values = np.where(values < 0, np.float32(-0.5), np.float32(0.5)) + np.float32(0.1) * values
        return values.reshape(shape)
    if name.endswith("running_var"):
        values = np.float32(1) + np.float32(0.5) * values
    elif name.endswith("weight") and ".norm." in name:
        values = np.float32(1) + np.float32(0.25) * values
    elif name.endswith("weight"):
        values = np.float32((0.2 if calm else 1.0) * np.sqrt(6.0 / fan_in)) * values
    else:  # bias, shift of a norm, running mean
        values = np.float32(0.1) * values
    return values.reshape(shape)


PROJECTIONS = 16


def summary(name, values):
    """L2 norm and 16 projections on vectors of random signs: bit k of word("sign." + name, index)
    set means that element `index` is subtracted from projection k, else added."""
    values = np.asarray(values, dtype=np.float64).ravel()
    bits = words("sign." + name, values.size)
    total = values.sum()
    result = []
    for k in range(PROJECTIONS):
        result.append(total - 2.0 * values[(bits >> np.uint32(k)) & np.uint32(1) == 1].sum())
    return {"norm": rounded(np.sqrt((values * values).sum())), "projections": [rounded(x) for x in result]}


def rounded(value):
    """Ten significant digits: four more than any tolerance reads."""
    return float(f"{value:.10g}")
