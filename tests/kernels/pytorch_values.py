"""Writes pytorch_values.h: what PyTorch makes of small tensors that both languages draw from one formula.

    python3 pytorch_values.py > pytorch_values.h
"""
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def tensor(salt, *shape):
    """Value k is ((7 k + salt) mod 11 - 5) / 2, exact in every float."""
    count = torch.Size(shape).numel()
    return (((7 * torch.arange(count) + salt) % 11 - 5) / 2).reshape(shape).requires_grad_()


def write(name, values):
    numbers = ", ".join(f"{v:.17g}" for v in values.detach().flatten().tolist())
    print(f"inline const std::vector<double> {name}{{{numbers}}};")


def convolution(name, padding):
    x, w, b = tensor(1, 2, 3, 3, 4), tensor(2, 2, 3, 3, 3), tensor(3, 2)
    y = F.conv2d(x, w, b, padding=padding)
    y.backward(tensor(4, *y.shape).detach())
    write(f"{name}_output", y)
    write(f"{name}_grad_input", x.grad)
    write(f"{name}_grad_weight", w.grad)
    write(f"{name}_grad_bias", b.grad)


def up_convolution():
    x, w, b = tensor(1, 2, 3, 2, 3), tensor(2, 3, 2, 2, 2), tensor(3, 2)
    y = F.conv_transpose2d(x, w, b, stride=2)
    y.backward(tensor(4, *y.shape).detach())
    write("up_convolution_output", y)
    write("up_convolution_grad_input", x.grad)
    write("up_convolution_grad_weight", w.grad)
    write("up_convolution_grad_bias", b.grad)


def max_pool():
    x = tensor(1, 2, 3, 5, 5)
    y = F.max_pool2d(x, 2)
    y.backward(tensor(4, *y.shape).detach())
    write("max_pool_output", y)
    write("max_pool_grad_input", x.grad)


def batch_norm():
    x, scale, shift = tensor(1, 2, 3, 3, 4), tensor(2, 3), tensor(3, 3)
    mean, variance = tensor(5, 3).detach(), tensor(6, 3).detach().square()
    y = F.batch_norm(x, mean, variance, scale, shift, training=True, momentum=0.1, eps=1e-5)
    y.backward(tensor(4, *y.shape).detach())
    write("batch_norm_output", y)
    write("batch_norm_grad_input", x.grad)
    write("batch_norm_grad_scale", scale.grad)
    write("batch_norm_grad_shift", shift.grad)
    write("batch_norm_running_mean", mean)
    write("batch_norm_running_variance", variance)
    write("batch_norm_applied", F.batch_norm(x, mean, variance, scale, shift, eps=1e-5))


def loss():
    logits = tensor(1, 2, 3, 3, 4)
    targets = torch.arange(24).reshape(2, 3, 4) * 5 % 3
    weights = (torch.arange(24) % 4).reshape(2, 3, 4) / 2.0
    cross_entropy = (F.cross_entropy(logits, targets, reduction="none") * weights).sum() / weights.sum()
    p = logits.softmax(1) * (weights > 0)[:, None]
    t = F.one_hot(targets, 3).movedim(-1, 1) * (weights > 0)[:, None]
    axes = (0, 2, 3)
    dice = (2 * (p * t).sum(axes) + 1e-5) / (p.sum(axes) + t.sum(axes) + 1e-5)
    dice_loss = 1 - dice[1:].mean()
    (cross_entropy + 0.5 * dice_loss).backward()
    write("loss_value", torch.stack([cross_entropy, dice_loss]))
    write("loss_grad_logits", logits.grad)


print("#pragma once\n\n// Written by pytorch_values.py with PyTorch "
      f"{torch.__version__.split('+')[0]}. Do not edit.\n\n#include <vector>\n")
print("// clang-format off\nnamespace unet::kernels::pytorch {\n")
convolution("valid", 0)
convolution("same", 1)
up_convolution()
max_pool()
batch_norm()
loss()
print("\n}  // namespace unet::kernels::pytorch")
