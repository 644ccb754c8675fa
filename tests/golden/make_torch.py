"""Writes the golden values of the three 18-layer networks, trained by PyTorch: tests/golden/pytorch/<network>/.

    python tests/golden/make_torch.py                  the values of the narrow networks (a few hundred kB)
    python tests/golden/make_torch.py --full FOLDER    the experiment documents of the full networks, for comparison with the presets

Each folder contains `experiment.json`; `weights.safetensors` (initial); `gradients.safetensors` of the first step;
`final.safetensors` after five steps, including moving statistics; and `expected.json`. Tensors have the layout of the weights files:
convolution kernels (kh, kw, in, out), depthwise kernels (kh, kw, in, 1), dense kernels (in, out). The networks are implemented here as
PyTorch modules, independently of the experiment documents, and share only the names with them.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

import images

HERE = Path(__file__).parent
KINDS = {"plain-18": 11_050_212, "residual-18": 11_224_932, "mobile-18": 1_326_052}
FULL, NARROW = (64, 128, 256, 512), (8, 12, 16, 24)
# Selected so that no input of a ReLU is so close to zero that rounding changes its sign.
SEEDS = {"plain-18": 6, "residual-18": 4, "mobile-18": 3}
BATCH, STEPS, RATE, MOMENTUM = 8, 5, 0.01, 0.9


class Net(nn.Module):
    """A stem, four stages of two blocks of two convolutions each, global average pooling, a dense layer."""

    def __init__(self, kind, widths, classes):
        super().__init__()
        self.kind, self.blocks = kind, []
        self.convolution("stem", 3, widths[0], 3)
        before = widths[0]
        for stage, width in enumerate(widths, start=1):
            for block in (1, 2):
                name, stride = f"s{stage}b{block}", 2 if stage > 1 and block == 1 else 1
                for part, (c_in, s) in enumerate(((before, stride), (width, 1)), start=1):
                    if kind == "mobile-18":
                        self.convolution(f"{name}_{part}_dw", c_in, c_in, 3, s, groups=c_in)
                        self.convolution(f"{name}_{part}_pw", c_in, width, 1)
                    else:
                        self.convolution(f"{name}_{part}", c_in, width, 3, s)
                if kind == "residual-18" and before != width:
                    self.convolution(f"{name}_projection", before, width, 1, stride)
                self.blocks.append(name)
                before = width
        self.dense = nn.Linear(before, classes)

    def convolution(self, name, c_in, c_out, kernel, stride=1, groups=1):
        """Adds a convolution with bias and its batch normalisation."""
        conv = nn.Conv2d(c_in, c_out, kernel, stride, padding=kernel // 2, groups=groups)
        self.add_module(name, conv)
        self.add_module(f"{name}_bn", nn.BatchNorm2d(c_out))

    def normalized(self, name, x):
        return getattr(self, f"{name}_bn")(getattr(self, name)(x))

    def forward(self, x):
        x = F.relu(self.normalized("stem", x))
        for name in self.blocks:
            x = self.block(name, x)
        return self.dense(x.mean(dim=(2, 3)))

    def block(self, name, x):
        if self.kind == "mobile-18":
            for part in ("1_dw", "1_pw", "2_dw", "2_pw"):
                x = F.relu(self.normalized(f"{name}_{part}", x))
            return x
        y = self.normalized(f"{name}_2", F.relu(self.normalized(f"{name}_1", x)))
        if self.kind == "residual-18":
            y = y + (self.normalized(f"{name}_projection", x) if hasattr(self, f"{name}_projection") else x)
        return F.relu(y)


def document(kind, widths, dataset, classes, **run):
    """The same network as an experiment document."""
    layers = []

    def conv(name, filters, kernel, stride=1, inputs=None):
        options = {"inputs": inputs} if inputs else {}
        if stride == 2 and kernel == 3:
            # With stride 2 and an even size, of PyTorch's padding of 1 only the first row and column are used.
            layers.append({"type": "zero_padding2d", "name": f"{name}_pad", "padding": [[1, 0], [1, 0]]})
        shape = {"kernel_size": kernel, "strides": stride, "padding": "same" if stride == 1 else "valid"}
        if filters is None:
            starts = {"depthwise_initializer": "pytorch_default", "bias_initializer": "pytorch_default"}
            layers.append({"type": "depthwise_conv2d", "name": name, **options, **shape, **starts})
        else:
            starts = {"kernel_initializer": "pytorch_default", "bias_initializer": "pytorch_default"}
            layers.append({"type": "conv2d", "name": name, **options, "filters": filters, **shape, **starts})
        norm = {"momentum": 0.9, "epsilon": 1e-5, "unbiased_moving_variance": True}
        layers.append({"type": "batch_normalization", "name": f"{name}_bn", **norm})

    def relu(name):
        layers.append({"type": "activation", "name": f"{name}_relu", "activation": "relu"})

    conv("stem", widths[0], 3)
    relu("stem")
    before, last = widths[0], "stem_relu"
    for stage, width in enumerate(widths, start=1):
        for block in (1, 2):
            name = f"s{stage}b{block}"
            strides = (2 if stage > 1 and block == 1 else 1, 1)
            for part, stride in enumerate(strides, start=1):
                if kind == "mobile-18":
                    conv(f"{name}_{part}_dw", None, 3, stride)
                    relu(f"{name}_{part}_dw")
                    conv(f"{name}_{part}_pw", width, 1)
                    relu(f"{name}_{part}_pw")
                else:
                    conv(f"{name}_{part}", width, 3, stride)
                    if part == 1:
                        relu(f"{name}_1")
            if kind == "residual-18":
                if before != width:
                    conv(f"{name}_projection", width, 1, strides[0], [last])
                    last = f"{name}_projection_bn"
                layers.append({"type": "add", "name": f"{name}_add", "inputs": [f"{name}_2_bn", last]})
            if kind != "mobile-18":
                relu(name)
            before, last = width, f"{name}_relu"
    layers.append({"type": "global_average_pooling2d"})
    starts = {"kernel_initializer": "pytorch_default", "bias_initializer": "pytorch_default"}
    layers.append({"type": "dense", "name": "dense", "units": classes, **starts})
    return {
        "name": kind,
        "dataset": dataset,
        "input_shape": [32, 32, 3],
        "layers": layers,
        "loss": "sparse_categorical_crossentropy",
        "optimizer": {"type": "sgd", "learning_rate": RATE, "momentum": MOMENTUM},
        **run,
    }


def write_document(path, document):
    """Writes JSON with one layer per line."""
    layers = ",\n    ".join(json.dumps(layer) for layer in document["layers"])
    text = json.dumps({**document, "layers": "LAYERS"}, indent=2)
    path.write_text(text.replace('"LAYERS"', f"[\n    {layers}\n  ]") + "\n")


def in_our_layout(net, values):
    """Converts PyTorch's tensors to the names and the layout of a weights file, f32."""
    kinds = {"running_mean": "moving_mean", "running_var": "moving_variance", "bias": "bias", "weight": "kernel"}
    tensors = {}
    for key, value in values.items():
        layer, kind = key.rsplit(".", 1)
        if kind == "num_batches_tracked":
            continue
        module, array = getattr(net, layer), value.detach().float().numpy().copy()
        if isinstance(module, nn.BatchNorm2d):
            kind = {"weight": "gamma", "bias": "beta"}.get(kind, kinds[kind])
        elif kind == "weight" and array.ndim == 4:
            depthwise = module.groups > 1
            array = array.transpose(2, 3, 0, 1) if depthwise else array.transpose(2, 3, 1, 0)
        elif kind == "weight":
            array = array.T
        tensors[f"{layer}.{kinds.get(kind, kind)}"] = np.ascontiguousarray(array)
    return tensors


def nchw(x, dtype):
    return torch.tensor(x.transpose(0, 3, 1, 2).copy(), dtype=dtype)


def run(kind, state, data, dtype):
    """Trains five steps and evaluates; returns all values that are compared."""
    (x, y), (x_test, y_test) = data
    net = Net(kind, NARROW, 10)
    net.load_state_dict(state)
    net.to(dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM)
    losses, right, first = [], 0, None
    net.train()
    for step in range(STEPS):
        picked = slice(step * BATCH, (step + 1) * BATCH)
        target = torch.tensor(y[picked])
        logits = net(nchw(x[picked], dtype))
        loss = F.cross_entropy(logits, target)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        right += int((logits.argmax(1) == target).sum())
        first = first or in_our_layout(net, {k: p.grad for k, p in net.named_parameters()})
        optimizer.step()
    net.eval()
    with torch.no_grad():
        logits, target = net(nchw(x_test, dtype)), torch.tensor(y_test)
        confusion = np.zeros((10, 10), int)
        np.add.at(confusion, (y_test, logits.argmax(1).numpy()), 1)
        expected = {
            "history": {"loss": [float(np.mean(losses))], "accuracy": [right / (STEPS * BATCH)]},
            "step_loss": losses,
            "learning_rate": [RATE] * STEPS,
            "test_loss": F.cross_entropy(logits, target).item(),
            "test_accuracy": float((logits.argmax(1) == target).double().mean()),
            "confusion": confusion.tolist(),
            "probabilities": F.softmax(logits[:3], 1).tolist(),
        }
    return expected, first, in_our_layout(net, net.state_dict())


def relative(a, b):
    """The largest relative error over all tensors. For tensors of very small norm, the error is relative to a thousandth of the
    largest norm: the gradient of a bias before a normalisation, for example, is zero except for rounding."""
    floor = 1e-3 * max(np.linalg.norm(v) for v in b.values())
    return max(float(np.linalg.norm(a[k] - b[k]) / max(np.linalg.norm(b[k]), floor)) for k in b)


def initial_state(net, seed):
    """PyTorch's initial values, but with random scales and shifts for which most ReLUs are active.

    With PyTorch's own values (gamma 1, beta 0), training a deep narrow network is numerically unstable: an error of 1e-7 in the
    weights grows to 0.5 in five steps, so that PyTorch's results in f32 and in f64 differ too much to be compared.
    """
    generator = torch.Generator().manual_seed(seed)
    state = {k: v.clone() for k, v in net.state_dict().items()}
    for key, value in state.items():
        if key.endswith("_bn.weight"):
            value.copy_(0.5 + 0.5 * torch.rand(value.shape, generator=generator))
        elif key.endswith("_bn.bias"):
            value.copy_(1 + 0.3 * torch.randn(value.shape, generator=generator))
    return state


def make(kind):
    folder = HERE / "pytorch" / kind
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEEDS[kind])
    net = Net(kind, NARROW, 10)
    state = initial_state(net, SEEDS[kind])
    dataset = {"name": "cifar10", "validation": None, "limit": {"train": BATCH * STEPS, "test": 40}}
    spec = document(kind, NARROW, dataset, 10, batch_size=BATCH, epochs=1, seed=0)
    data = images.load(spec)[:2]
    expected, gradients, final = run(kind, state, data, torch.float32)
    precise, gradients64, final64 = run(kind, state, data, torch.float64)
    assert expected["confusion"] == precise["confusion"], f"{kind}: accuracies depend on rounding"
    expected = {
        "made_with": f"PyTorch {torch.__version__.split('+')[0]}, float32, CPU",
        "data": "cifar10",
        **expected,
        "drift_from_float64": {
            "loss": max(abs(a / b - 1) for a, b in zip(expected["step_loss"], precise["step_loss"])),
            "gradients": relative(gradients, gradients64),
            "weights": relative(final, final64),
        },
    }
    write_document(folder / "experiment.json", spec)
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    save_file(in_our_layout(net, state), folder / "weights.safetensors")
    save_file(gradients, folder / "gradients.safetensors")
    save_file(final, folder / "final.safetensors")
    print(kind, [round(v, 4) for v in expected["step_loss"]], expected["test_accuracy"], expected["drift_from_float64"])
    assert max(expected["drift_from_float64"].values()) < 1e-3, f"{kind}: results depend on rounding; choose another seed"


def main():
    for kind, count in KINDS.items():
        found = sum(p.numel() for p in Net(kind, FULL, 100).parameters())
        assert found == count, f"{kind}: expected {count} parameters, received {found}"
    if sys.argv[1:2] == ["--full"]:
        for kind in KINDS:
            spec = document(kind, FULL, {"name": "cifar100", "validation": "test"}, 100, batch_size=128, epochs=100, seed=0)
            spec["augmentation"] = [{"type": "random_crop", "padding": 4}, {"type": "random_flip"}]
            write_document(Path(sys.argv[2]) / f"{kind}.json", spec)
        return
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    images.write_all()
    for kind in KINDS:
        make(kind)


if __name__ == "__main__":
    main()
