"""Measures PyTorch (eager, float32 without TF32) on the same networks with noise as images. Prints one JSON object per network.

    python torch_peer.py SECONDS DEVICE EXPERIMENT.json [EXPERIMENT.json …]

The data path is that of Convlab's GPU engine: the images are stored on the device as bytes, each step gathers and scales a batch
there, and a step reads nothing back. Augmentation and learning-rate schedules are omitted, which is to PyTorch's advantage.
`cudnn_benchmark` is whether cuDNN's benchmark mode was on; it is off by default.
"""

import json
import math
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

WINDOWS = 5
BATCHES = 8


def pair(value, otherwise=None):
    value = otherwise if value is None else value
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


class Same(nn.Module):
    """Keras's `same` padding: if the number of added rows or columns is odd, the additional one is at the end."""

    def __init__(self, kernel, strides, fill=0.0):
        super().__init__()
        self.kernel, self.strides, self.fill = kernel, strides, fill

    def forward(self, x):
        edges = []
        for size, kernel, stride in zip(reversed(x.shape[2:]), reversed(self.kernel), reversed(self.strides)):
            total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
            edges += [total // 2, total - total // 2]
        return F.pad(x, edges, value=self.fill) if any(edges) else x


class Sum(nn.Module):
    def forward(self, *inputs):
        return sum(inputs[1:], inputs[0])


class Mean(nn.Module):
    def forward(self, x):
        return x.mean(dim=(2, 3))


ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "linear": nn.Identity, "softmax": nn.Identity}


def windowed(make, spec, kernel, strides, fill=0.0):
    """The modules of a layer with a window. Symmetric padding is an option of the layer, other padding a separate module."""
    if spec.get("padding", "valid") == "valid":
        return [make(0)]
    if strides == (1, 1) and all(k % 2 for k in kernel) and fill == 0.0:
        return [make((kernel[0] // 2, kernel[1] // 2))]
    return [Same(kernel, strides, fill), make(0)]


def layer(spec, shape):
    """The modules of a layer; `shape` is that of its input (channels, height, width)."""
    kind, c = spec["type"], shape[0]
    parts = []
    if kind in ("conv2d", "depthwise_conv2d"):
        kernel, strides = pair(spec["kernel_size"]), pair(spec.get("strides"), 1)
        filters, groups = (c, c) if kind == "depthwise_conv2d" else (spec["filters"], 1)
        bias = spec.get("use_bias", True)
        parts = windowed(lambda p: nn.Conv2d(c, filters, kernel, strides, p, groups=groups, bias=bias), spec, kernel, strides)
    elif kind in ("max_pooling2d", "average_pooling2d"):
        kernel = pair(spec.get("pool_size"), 2)
        strides = pair(spec.get("strides"), kernel)
        pool = nn.MaxPool2d if kind == "max_pooling2d" else nn.AvgPool2d
        parts = windowed(lambda p: pool(kernel, strides), spec, kernel, strides, -math.inf if pool is nn.MaxPool2d else 0.0)
    elif kind == "zero_padding2d":
        (top, bottom), (left, right) = (pair(side) for side in pair(spec["padding"]))
        parts = [nn.ZeroPad2d((left, right, top, bottom))]
    elif kind == "batch_normalization":
        parts = [nn.BatchNorm2d(c, eps=spec.get("epsilon", 1e-3), momentum=1 - spec.get("momentum", 0.99))]
    elif kind == "dense":
        parts = [nn.Linear(c, spec["units"], bias=spec.get("use_bias", True))]
    elif kind == "dropout":
        parts = [nn.Dropout(spec["rate"])]
    elif kind == "flatten":
        parts = [nn.Flatten()]
    elif kind == "global_average_pooling2d":
        parts = [Mean()]
    elif kind == "add":
        parts = [Sum()]
    elif kind != "activation":
        raise SystemExit(f"no {kind} in this comparison")
    if spec.get("activation", "linear") not in ("linear", None, "softmax"):
        parts.append(ACTIVATIONS[spec["activation"]]())
    return parts[0] if len(parts) == 1 else nn.Sequential(*parts)


class Net(nn.Module):
    """The inputs of a layer are those it names, or the previous layer."""

    def __init__(self, experiment):
        super().__init__()
        h, w, c = experiment["input_shape"]
        shapes, last = {"input_layer": (c, h, w)}, "input_layer"
        self.order, self.layers, self.penalties, self.bounds = [], nn.ModuleList(), [], []
        for i, spec in enumerate(experiment["layers"]):
            inputs = spec.get("inputs") or [last]
            last = spec.get("name", f"_{i}")
            module = layer(spec, shapes[inputs[0]])
            with torch.no_grad():
                samples = [torch.zeros(2, *shapes[name]) for name in inputs]
                shapes[last] = tuple(module.eval()(*samples).shape[1:])
            self.layers.append(module.train())
            self.order.append((inputs, last))
            weight = next((p for p in module.parameters() if p.dim() > 1), None)
            if "kernel_regularizer" in spec:
                self.penalties.append((weight, spec["kernel_regularizer"].get("l2", 0.0)))
            if "kernel_constraint" in spec:
                self.bounds.append((weight, spec["kernel_constraint"]["max_norm"]))

    def forward(self, x):
        outputs = {"input_layer": x}
        for module, (inputs, name) in zip(self.layers, self.order):
            outputs[name] = module(*(outputs[i] for i in inputs))
        return outputs[self.order[-1][1]]


def optimizer(spec, parameters):
    kind, rate = spec["type"], 1e-6
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=spec.get("momentum", 0.0), nesterov=spec.get("nesterov", False))
    make = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop}[kind]
    return make(parameters, lr=rate, eps=spec.get("epsilon", 1e-7))


def bench(experiment, device, seconds):
    torch.manual_seed(0)
    batch = experiment.get("batch_size", 32)
    h, w, c = experiment["input_shape"]
    net = Net(experiment).to(device)
    with torch.no_grad():
        classes = net(torch.zeros(2, c, h, w, device=device)).shape[1]
    images = torch.randint(0, 256, (BATCHES * batch, c, h, w), dtype=torch.uint8, device=device)
    labels = (torch.arange(BATCHES * batch, device=device) % classes).long()
    update = optimizer(experiment["optimizer"], net.parameters())
    total, right = torch.zeros((), device=device), torch.zeros((), device=device)
    order = torch.randperm(BATCHES * batch)

    def step(i):
        chosen = order[i % BATCHES * batch : (i % BATCHES + 1) * batch].to(device, non_blocking=True)
        x, y = images[chosen].float() / 255, labels[chosen]
        update.zero_grad(set_to_none=True)
        logits = net(x)
        loss = F.cross_entropy(logits, y)
        for weight, l2 in net.penalties:
            loss = loss + l2 * weight.square().sum()
        loss.backward()
        update.step()
        with torch.no_grad():
            for weight, bound in net.bounds:
                norm = weight.flatten(1).norm(dim=1).view(-1, *[1] * (weight.dim() - 1))
                weight.mul_(norm.clamp(max=bound) / (norm + 1e-7))
            total.add_(loss.detach() * batch)
            right.add_((logits.argmax(1) == y).sum())

    def run_for(length):
        start, steps = time.perf_counter(), 0
        while True:
            for _ in range(5):
                step(steps)
                steps += 1
            if device.type == "cuda":
                torch.cuda.synchronize()
            elapsed = time.perf_counter() - start
            if elapsed >= length:
                return elapsed / steps

    run_for(max(seconds / 3, 0.5))
    ms = sorted(1e3 * run_for(seconds / WINDOWS) for _ in range(WINDOWS))
    median = statistics.median(ms)
    return {"ms_per_step": median, "ms_per_step_error": (ms[-1] - ms[0]) / 2, "images_per_s": 1e3 * batch / median, "batch_size": batch}


def peak_gflops(device):
    """The card's peak rate in float32: cores × 2 operations per cycle × the highest clock."""
    card = torch.cuda.get_device_properties(device)
    # Cores per multiprocessor: 64 for compute capability 7.0, 7.5 and 8.0, else 128.
    cores = 64 if (card.major, card.minor) in ((7, 0), (7, 5), (8, 0)) else 128
    query = ["nvidia-smi", f"--id={device.index or 0}", "--query-gpu=clocks.max.sm", "--format=csv,noheader,nounits"]
    mhz = float(subprocess.run(query, capture_output=True, text=True, check=True).stdout.split()[0])
    return card.multi_processor_count * cores * 2 * mhz / 1e3


def main():
    seconds, device, files = float(sys.argv[1]), torch.device(sys.argv[2]), sys.argv[3:]
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    is_cuda = device.type == "cuda"
    name = torch.cuda.get_device_name(device) if is_cuda else "cpu"
    card = {"device": name, "peak_gflops": peak_gflops(device)} if is_cuda else {"device": name}
    for file in files:
        with open(file, encoding="utf8") as source:
            experiment = json.load(source)
        for benchmark in (False, True) if is_cuda else (False,):
            torch.backends.cudnn.benchmark = benchmark
            found = bench(experiment, device, seconds)
            about = {"experiment": experiment["name"], "engine": f"PyTorch {torch.__version__}"}
            print(json.dumps({**about, **card, "cudnn_benchmark": benchmark, **found}), flush=True)


main()
