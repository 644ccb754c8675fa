"""Trains `cifar10-fast` or `cifar10-quick` in PyTorch on the CPU (eager, float32, channels last), from the same document and files.

    python torch_record.py EXPERIMENT.json DIR [--seed N] [--epochs E] [--steps N]

DIR has the binary version of CIFAR-10. One JSON object per epoch, then one with the test accuracy. `--steps` ends after as many steps
and only measures the speed. Only the random numbers differ from Convlab's: the order, the crops and the initial weights.
"""

import argparse
import json
import math
import time
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def read(folder, names):
    rows = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names])
    images = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255)
    return images, torch.from_numpy(rows[:, 0].astype(np.int64))


class BatchNorm(nn.BatchNorm2d):
    """Keras's momentum is the share of the old value, PyTorch's that of the new one."""

    def __init__(self, channels, spec):
        super().__init__(channels, eps=spec["epsilon"], momentum=1 - spec["momentum"])
        self.weight.requires_grad = spec.get("scale", True)


class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor


def whiten(conv, images, epsilon):
    """Eigenvectors of the covariance of all patches, divided by the square roots of their eigenvalues; then the same negated."""
    kernel = conv.kernel_size[0]
    patches = F.unfold(images, kernel).transpose(1, 2).reshape(-1, conv.in_channels * kernel * kernel)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / torch.sqrt(values + epsilon)).T.reshape(-1, conv.in_channels, kernel, kernel)
    return torch.cat((filters, -filters))


def build(spec, images):
    """The network as a sequence with the document's names; `normalization` has been applied to the images already."""
    channels, size, parts = 3, 32, {}
    for i, layer in enumerate(spec["layers"]):
        kind, name, parameters = layer["type"], layer.get("name", f"layer{i}"), None
        if kind == "conv2d":
            same = layer.get("padding") == "same"
            kernel = layer["kernel_size"]
            conv = nn.Conv2d(channels, layer["filters"], kernel, padding=kernel // 2 if same else 0, bias=layer.get("use_bias", True))
            initializer = layer["kernel_initializer"]
            if initializer["type"] == "identity":
                nn.init.dirac_(conv.weight.data[:channels])
            else:
                conv.weight.data = whiten(conv, images[: initializer["images"]], initializer["epsilon"])
                conv.bias.data.zero_()
            channels, size, parameters = layer["filters"], size if same else size - kernel + 1, conv
            if layer.get("activation") == "gelu":
                parameters = nn.Sequential(conv, nn.GELU())
        elif kind == "max_pooling2d":
            size //= layer["pool_size"]
            parameters = nn.MaxPool2d(layer["pool_size"])
        elif kind == "batch_normalization":
            parameters = BatchNorm(channels, layer)
        elif kind == "activation":
            parameters = nn.GELU()
        elif kind == "flatten":
            parameters, channels = nn.Flatten(), channels * size * size
        elif kind == "dense":
            parameters = nn.Linear(channels, layer["units"], bias=layer.get("use_bias", True))
        elif kind == "rescaling":
            parameters = Scale(layer["scale"])
        elif kind != "normalization":
            raise SystemExit(f"this script has no layer {kind}")
        if parameters is not None:
            parts[name] = parameters
    model = nn.Sequential()
    for name, part in parts.items():
        model.add_module(name, part)
    return model.to(memory_format=torch.channels_last)


def groups(model, spec):
    """The optimizer's groups: a learning-rate multiplier by the document's names, and the L2 penalty of each tensor."""
    penalty = {}
    for layer in spec["layers"]:
        for key, tensor in (("kernel_regularizer", "kernel"), ("beta_regularizer", "beta")):
            if key in layer:
                penalty[f"{layer['name']}.{tensor}"] = layer[key]["l2"]
    optimizer = spec["optimizer"]
    found = []
    for name, parameter in model.named_parameters():
        layer, tensor = name.split(".")[0], name.split(".")[-1]
        is_norm = isinstance(getattr(model, layer), BatchNorm)
        keras = f"{layer}.{('beta' if is_norm else 'bias') if tensor == 'bias' else ('gamma' if is_norm else 'kernel')}"
        rate = next((g["learning_rate_multiplier"] for g in optimizer["groups"] if fnmatch(keras, g["match"])), 1)
        if not parameter.requires_grad or rate == 0:
            parameter.requires_grad = False
            continue
        # The gradient of l2 · w² is 2 · l2 · w, which PyTorch calls weight decay.
        decay = 2 * penalty.get(keras, 0.0)
        found.append({"params": [parameter], "lr": optimizer["learning_rate"] * rate, "weight_decay": decay})
    return found


def triangular(spec, steps):
    schedule = spec["learning_rate_schedule"]
    marks = [0, int(schedule["peak"] * steps), steps]
    return lambda step: float(np.interp(step, marks, [schedule["start"], 1, schedule["end"]]))


class Lookahead:
    """Every few steps the weights move towards their slow average, and the average towards them."""

    def __init__(self, model, options, steps):
        self.model, self.options, self.steps = model, options, steps
        self.slow = {name: value.clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def after(self, step):
        if step % self.options["sync_period"]:
            return
        first, last = self.options["slow_step_size"], self.options["final_slow_step_size"]
        share = first + (last - first) * (step / self.steps) ** self.options["power"]
        for name, value in self.model.state_dict().items():
            if value.dtype.is_floating_point:
                value.copy_(self.slow[name].lerp_(value, share))


@torch.inference_mode()
def accuracy(model, images, labels):
    """Of the mean over six views: the image, moved by a pixel along both diagonals, and their mirror images."""
    model.eval()
    correct = 0
    for i in range(0, len(images), 1000):
        x = images[i : i + 1000]
        padded = F.pad(x, (1, 1, 1, 1), "reflect")
        views = ((x, 0.5), (padded[:, :, :32, :32], 0.25), (padded[:, :, 2:, 2:], 0.25))
        output = sum(share * (model(view) + model(view.flip(3))) / 2 for view, share in views)
        correct += (output.argmax(1) == labels[i : i + 1000]).sum().item()
    return correct / len(images)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    spec = json.loads(options.experiment.read_text())
    images, labels = read(options.folder, [f"data_batch_{i}.bin" for i in range(1, 6)])
    test_images, test_labels = read(options.folder, ["test_batch.bin"])
    mean, deviation = images.mean((0, 2, 3), keepdim=True), images.std((0, 2, 3), keepdim=True)
    images, test_images = (images - mean) / deviation, (test_images - mean) / deviation

    batch, epochs = spec["batch_size"], options.epochs or spec["epochs"]
    an_epoch = math.ceil(len(images) / batch)
    steps = math.ceil(epochs * an_epoch)
    model = build(spec, images)
    sgd = spec["optimizer"]
    optimizer = torch.optim.SGD(groups(model, spec), lr=1.0, momentum=sgd["momentum"], nesterov=sgd["nesterov"])
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, triangular(spec, steps))
    lookahead = Lookahead(model, sgd["lookahead"], steps)
    edge = next(a["padding"] for a in spec["augmentation"] if a["type"] == "random_crop")
    padded = F.pad(images, (edge,) * 4, "reflect")
    mirrored = torch.rand(len(images)) < 0.5

    start, step, epoch, seen = time.perf_counter(), 0, 0, 0
    last = min(steps, options.steps or steps)
    while step < last:
        model.train()
        order, total, count = torch.randperm(len(images)), 0.0, 0
        for i in range(0, len(images), batch):
            chosen = order[i : i + batch]
            moves = torch.randint(0, 2 * edge + 1, (len(chosen), 2)).tolist()
            x = torch.stack([padded[j, :, a : a + 32, b : b + 32] for j, (a, b) in zip(chosen.tolist(), moves)])
            turned = mirrored[chosen] ^ (epoch % 2 == 1)
            x[turned] = x[turned].flip(3)
            x = x.contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(model(x), labels[chosen], label_smoothing=spec["label_smoothing"])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            step, seen = step + 1, seen + len(chosen)
            lookahead.after(step)
            total, count = total + loss.item() * len(chosen), count + len(chosen)
            if step >= last:
                break
        epoch += 1
        seconds = time.perf_counter() - start
        print(json.dumps({"epoch": epoch, "step": step, "loss": total / count, "seconds": seconds}), flush=True)
    figures = {"seed": options.seed, "steps": step, "train_seconds": seconds, "images_per_second": seen / seconds}
    if last == steps:
        model.load_state_dict(lookahead.slow)
        figures["test_accuracy"] = accuracy(model, test_images, test_labels)
    print(json.dumps(figures | {"threads": torch.get_num_threads(), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
