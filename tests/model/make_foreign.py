"""Writes foreign.safetensors: one tensor of every float type, as the safetensors package writes them.

Run once with Python, torch and safetensors; the test holds the expected values.
"""
import pathlib

import torch
from safetensors.torch import save_file

save_file(
    {
        "half": torch.tensor([1.0, -2.5, 65504.0, 2.0 ** -24, -(2.0 ** -15), float("inf"), -0.0],
                             dtype=torch.float16),
        "brain": torch.tensor([1.0, -3.140625, 1e38], dtype=torch.bfloat16),
        "double": torch.tensor([[0.1, 1e-300], [3.0, -7.25]], dtype=torch.float64),
        "single": torch.arange(6, dtype=torch.float32).reshape(1, 2, 3) / 8,
        "scalar": torch.tensor(42.0),
        "empty": torch.zeros(0, 3),
        "count.num_batches_tracked": torch.tensor(5, dtype=torch.int64),
    },
    pathlib.Path(__file__).with_name("foreign.safetensors"),
    metadata={"format": "pt"},
)
