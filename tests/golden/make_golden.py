"""Writes the golden files of the network: what PyTorch computes in float64.

    python make_golden.py [CASE ...]          # needs numpy, torch, safetensors
    python make_golden.py --float32           # PyTorch's own float32 against float64: what rounding costs
    python make_golden.py --noise 1e-6        # float64 with noise on every convolution's output

Written with PyTorch 2.15. CASE.json holds, for the network CASE: names and shapes of its parameters;
the logits of an inference; loss and gradients of the first training step; the losses of all steps of
SGD; the change of every parameter and the logits after the last step. Tensors are kept as norm and
projections (hashed.py). valid_odd.f32 has its logits and gradients in full, float32, little endian,
in the order of the JSON file. pytorch_*.safetensors are networks as a user of PyTorch saves them.
"""
import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

import hashed

HERE = pathlib.Path(__file__).resolve().parent
DICE_EPSILON = 1e-5

# Rates at which ten steps of momentum 0.99 lower the loss visibly and steadily; larger ones carry
# activations across the kink of a ReLU, where the last bit decides and float32 leaves float64.
CASES = {
    "ronneberger2015": dict(levels=5, base_channels=64, in_channels=1, classes=2, padding="valid",
                            norm="none", convolutions=2, batch=1, size=[188, 188], rate=1e-4),
    # The same, started where no activation is near the kink of its ReLU: among the ten million of
    # the case above a few are so near that the last bits decide whether they pass a gradient on.
    # One step: its gradients fade towards the input, and updates would drown in float32's rounding.
    "ronneberger2015_calm": dict(levels=5, base_channels=64, in_channels=1, classes=2,
                                 padding="valid", norm="none", convolutions=2, batch=1,
                                 size=[188, 188], rate=1e-3, calm=True, steps=1),
    "same_norm": dict(levels=3, base_channels=8, in_channels=3, classes=3, padding="same",
                      norm="batch", convolutions=2, batch=2, size=[32, 24], rate=3e-3),
    "valid_odd": dict(levels=3, base_channels=5, in_channels=2, classes=3, padding="valid",
                      norm="none", convolutions=2, batch=2, size=[56, 52], rate=1e-2),
    "same_norm_dice": dict(levels=3, base_channels=8, in_channels=1, classes=4, padding="same",
                           norm="batch", convolutions=2, batch=3, size=[24, 32], rate=3e-3,
                           dice_weight=0.75),
    # Three convolutions a side, one channel more than a block of 16, two classes with Dice.
    "same_wide": dict(levels=2, base_channels=17, in_channels=1, classes=2, padding="same",
                      norm="none", convolutions=3, batch=1, size=[22, 18], rate=1e-2,
                      dice_weight=1.0),
    # No pooling at all, one convolution.
    "single_level": dict(levels=1, base_channels=6, in_channels=1, classes=2, padding="valid",
                         norm="batch", convolutions=1, batch=2, size=[9, 11], rate=3e-2),
}
STEPS, MOMENTUM = 10, 0.99


class Block(nn.Module):
    """3x3 convolutions, each + batch norm if wanted + ReLU."""

    def __init__(self, channels_in, channels, case):
        super().__init__()
        norm, padding = case["norm"] == "batch", 1 if case["padding"] == "same" else 0
        self.conv = nn.ModuleList(
            nn.Conv2d(channels if k else channels_in, channels, 3, padding=padding, bias=not norm)
            for k in range(case["convolutions"]))
        if norm:
            self.norm = nn.ModuleList(nn.BatchNorm2d(channels) for _ in self.conv)

    def forward(self, x):
        for k, conv in enumerate(self.conv):
            x = conv(x)
            x = F.relu(self.norm[k](x) if hasattr(self, "norm") else x)
        return x


class Up(Block):
    """Up-convolution, ReLU, then the block on [up-sampled map, centre of the skip connection]."""

    def __init__(self, channels, case):
        super().__init__(2 * channels, channels, case)
        self.up = nn.ConvTranspose2d(2 * channels, channels, 2, stride=2)

    def forward(self, x, skip):
        x = F.relu(self.up(x))
        top, left = ((skip.shape[k] - x.shape[k]) // 2 for k in (2, 3))
        skip = skip[:, :, top:top + x.shape[2], left:left + x.shape[3]]
        return super().forward(torch.cat([x, skip], 1))


class UNet(nn.Module):
    def __init__(self, case):
        super().__init__()
        width = [case["base_channels"] << level for level in range(case["levels"])]
        self.encoder = nn.ModuleList(
            Block(width[level - 1] if level else case["in_channels"], width[level], case)
            for level in range(case["levels"]))
        self.decoder = nn.ModuleList(Up(channels, case) for channels in width[:-1])
        self.head = nn.Conv2d(width[0], case["classes"], 1)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.encoder):
            x = block(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for level in reversed(range(len(self.decoder))):
            x = self.decoder[level](x, skips[level])
        return self.head(x)


def draw(model, calm=False):
    """Sets every parameter and running statistic to its hashed start."""
    fan_in = {}
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            taps = 1 if isinstance(module, nn.ConvTranspose2d) else module.weight[0, 0].numel()
            fan_in[name + ".weight"] = module.in_channels * taps
    with torch.no_grad():
        for name, tensor in file_tensors(model):
            tensor.copy_(torch.from_numpy(
                hashed.parameter(name, tuple(tensor.shape), fan_in.get(name), calm)))


def file_tensors(model):
    return [(name, tensor) for name, tensor in model.state_dict().items()
            if not name.endswith("num_batches_tracked")]


def loss_of(logits, targets, weights, dice_weight):
    """Weighted cross-entropy, 1 - mean soft Dice of the foreground classes, and their sum."""
    cross_entropy = (weights * F.cross_entropy(logits, targets, reduction="none")).sum() / weights.sum()
    dice = torch.zeros((), dtype=logits.dtype)
    if dice_weight > 0:
        seen = (weights > 0).to(logits.dtype)[:, None]
        p = torch.softmax(logits, 1) * seen
        t = F.one_hot(targets, logits.shape[1]).movedim(-1, 1).to(logits.dtype) * seen
        overlap, size = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
        soft = (2.0 * overlap + DICE_EPSILON) / (size + DICE_EPSILON)
        dice = 1.0 - soft[1:].mean()
    return cross_entropy + dice_weight * dice, cross_entropy, dice


def add_noise(model, level):
    """Adds normal noise of `level` times its standard deviation to every convolution's output."""
    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            module.register_forward_hook(lambda _, inputs, output: output + level * output.std().detach()
                                         * torch.randn(output.shape, generator=generator, dtype=output.dtype))


def run(case, dtype, noise=0.0):
    """The case's results by name, tensors in full."""
    model = UNet(case)
    draw(model, case.get("calm", False))
    model = model.to(dtype)
    if noise > 0.0:
        add_noise(model, noise)
    start = {key: tensor.clone() for key, tensor in file_tensors(model)}
    shape = (case["batch"], case["in_channels"], *case["size"])
    images = hashed.uniform("input", int(np.prod(shape))).reshape(shape)
    x = torch.from_numpy(images).to(dtype)

    model.eval()
    with torch.no_grad():
        logits = model(x)
    pixels = (shape[0], *logits.shape[2:])
    count = int(np.prod(pixels))
    targets = torch.from_numpy((hashed.words("target", count) % np.uint32(case["classes"]))
                               .astype(np.int64).reshape(pixels))
    weights = np.float32(1.5) + hashed.uniform("weight", count)
    weights[hashed.words("ignored", count) % np.uint32(8) == 0] = 0
    weights = torch.from_numpy(weights.reshape(pixels)).to(dtype)

    optimizer = torch.optim.SGD(model.parameters(), lr=case["rate"], momentum=MOMENTUM)
    model.train()
    losses, gradients = [], {}
    for step in range(case.get("steps", STEPS)):
        optimizer.zero_grad()
        total, cross_entropy, dice = loss_of(model(x), targets, weights, case.get("dice_weight", 0.0))
        total.backward()
        losses.append([total.item(), cross_entropy.item(), dice.item()])
        if step == 0:
            gradients = {key: tensor.grad.clone() for key, tensor in model.named_parameters()}
        optimizer.step()
    model.eval()
    with torch.no_grad():
        after = model(x)
    updates = {key: tensor - start[key] for key, tensor in file_tensors(model)}
    bits = sum(int(hashed_bits(tensor)) for tensor in start.values()) + int(hashed_bits(x))
    return dict(shapes={key: list(tensor.shape) for key, tensor in file_tensors(model)},
                parameters=sum(p.numel() for p in model.parameters()), bits=bits % 2**64,
                logits=logits, losses=losses, gradients=gradients, updates=updates, after=after)


def hashed_bits(tensor):
    """Sum of the float32 bit patterns: equal only if both languages drew the same numbers."""
    return tensor.to(torch.float32).contiguous().numpy().view(np.uint32).astype(np.uint64).sum()


def write_case(name, case, result):
    document = {
        "made_by": "tests/golden/make_golden.py",
        "options": {key: case[key] for key in ("in_channels", "classes", "levels", "base_channels",
                                               "convolutions", "padding", "norm")},
        "batch": case["batch"], "size": case["size"], "rate": case["rate"], "momentum": MOMENTUM,
        "dice_weight": case.get("dice_weight", 0.0), "calm": case.get("calm", False),
        "parameters": result["parameters"], "shapes": result["shapes"], "bits": str(result["bits"]),
        "logits_shape": list(result["logits"].shape),
        "logits": hashed.summary("logits", result["logits"]),
        "losses": [[hashed.rounded(x) for x in step] for step in result["losses"]],
        "gradients": {key: hashed.summary(key, t) for key, t in result["gradients"].items()},
        "updates": {key: hashed.summary(key, t) for key, t in result["updates"].items()},
        "after": hashed.summary("logits", result["after"]),
    }
    if len(result["losses"]) == 1:
        del document["updates"], document["after"]
    lines = json.dumps(document)
    for key in document:  # a line per entry: readable in a diff
        lines = lines.replace(f', "{key}": ', f',\n"{key}": ')
    for key in result["shapes"]:
        lines = lines.replace(f'"{key}": ' + "{", f'\n  "{key}": ' + "{")
    (HERE / f"{name}.json").write_text(lines + "\n")
    if name == "valid_odd":
        tensors = [result["logits"], *result["gradients"].values()]
        flat = np.concatenate([t.detach().numpy().astype("<f4").ravel() for t in tensors])
        flat.tofile(HERE / f"{name}.f32")


def write_pytorch_files():
    """Small networks saved as PyTorch users do, with the logits they give in float64."""
    for name, norm in (("pytorch_plain", "none"), ("pytorch_norm", "batch")):
        case = dict(levels=2, base_channels=4, in_channels=1, classes=2, padding="same", norm=norm,
                    convolutions=2)
        model = UNet(case)
        draw(model)
        save_file(model.state_dict(), HERE / f"{name}.safetensors")
        x = torch.from_numpy(hashed.uniform("input", 8 * 6).reshape(1, 1, 8, 6)).double()
        with torch.no_grad():
            logits = model.double().eval()(x)
        document = {"made_by": "tests/golden/make_golden.py", "options": case, "batch": 1, "size": [8, 6],
                    "logits": [hashed.rounded(v) for v in logits.flatten().tolist()]}
        (HERE / f"{name}.json").write_text(json.dumps(document) + "\n")


def relative(found, expected):
    return (torch.linalg.vector_norm(found.double() - expected)
            / torch.linalg.vector_norm(expected).clamp_min(1e-300)).item()


def report(what, expected, found):
    """How far `found` is from `expected`, relative L2."""
    gradients = {k: relative(found["gradients"][k], v) for k, v in expected["gradients"].items()}
    updates = {k: relative(found["updates"][k], v) for k, v in expected["updates"].items()}
    losses = max(abs(f[0] - e[0]) for f, e in zip(found["losses"], expected["losses"]))
    print(f"  {what}: logits {relative(found['logits'], expected['logits']):.1e}"
          f", gradients at most {max(gradients.values()):.1e} ({max(gradients, key=gradients.get)})"
          f", updates {max(updates.values()):.1e} ({max(updates, key=updates.get)})"
          f", logits after {relative(found['after'], expected['after']):.1e}, losses {losses:.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--float32", action="store_true", help="write nothing, print what float32 costs")
    parser.add_argument("--noise", type=float, default=0.0, help="write nothing, print what noise costs")
    arguments = parser.parse_args()
    for name in arguments.cases or CASES:
        case = CASES[name]
        result = run(case, torch.float64)
        print(name, "losses", " ".join(f"{step[0]:.6f}" for step in result["losses"]), flush=True)
        if arguments.float32:
            report("float32", result, run(case, torch.float32))
        if arguments.noise > 0.0:
            report(f"noise {arguments.noise:g}", result, run(case, torch.float64, arguments.noise))
        if not arguments.float32 and arguments.noise <= 0.0:
            write_case(name, case, result)
    if not arguments.cases and not arguments.float32 and arguments.noise <= 0.0:
        write_pytorch_files()


if __name__ == "__main__":
    main()
