"""Writes layers.json and layers.safetensors: Keras's forward and backward values, layer by layer.

    python tests/golden/make_layers.py

The cases are those below and every sample of every layer, which `cargo test` prints. Tensors of case ID: `ID.x` (further inputs
`ID.x1`, …), `ID.dy` (the output gradient), `ID.y`, `ID.dx` (the input gradients, `ID.dx1`, …), and for each variable `ID.<kind>` and
its gradient `ID.d<kind>`. Batch normalisation in training adds `ID.new_moving_mean` and `ID.new_moving_variance`. The case of the
loss has logits `x`, labels `ID.labels`, probabilities `y`, the mean `ID.loss` and its gradient `dx`. Inputs are f32. Outputs are
computed in f64 and rounded to f32 once, except for tf.nn's local response normalisation, which supports f32 only.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import json
import subprocess
import zlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

import spec as interpreter

HERE = Path(__file__).parent


def conv(filters, kernel_size, **options):
    return {"type": "conv2d", "filters": filters, "kernel_size": kernel_size, **options}


def depthwise(kernel_size, **options):
    return {"type": "depthwise_conv2d", "kernel_size": kernel_size, **options}


def pool(kind, pool_size, **options):
    return {"type": f"{kind}_pooling2d", "pool_size": pool_size, **options}


def norm(**options):
    return {"type": "batch_normalization", **options}


SAME = {"padding": "same"}

# Layers that draw other numbers than Keras's.
RANDOM = ("dropout", "spatial_dropout2d", "gaussian_noise")

# id: (input shape with the batch, layer, training mode)
CASES = {
    "conv-valid": ([2, 6, 5, 3], conv(4, [3, 2]), True),
    "conv-same": ([2, 6, 5, 3], conv(4, 3, **SAME), True),
    "conv-strided-valid": ([2, 7, 6, 2], conv(3, 3, strides=2), True),
    "conv-strided-same": ([2, 7, 6, 2], conv(3, [3, 4], strides=[2, 3], **SAME), True),
    "conv-even-same": ([1, 5, 4, 2], conv(3, [2, 4], **SAME), True),
    "conv-even-strided-same": ([2, 6, 7, 2], conv(3, [4, 2], strides=2, **SAME), True),
    "conv-stride-over-kernel": ([2, 7, 8, 2], conv(3, [2, 1], strides=[3, 2]), True),
    "conv-stride-over-kernel-same": ([2, 7, 8, 2], conv(3, [1, 2], strides=[2, 3], **SAME), True),
    "conv-kernel-over-input-same": ([1, 3, 4, 2], conv(2, [7, 5], **SAME), True),
    "conv-pointwise": ([2, 3, 4, 5], conv(3, 1), True),
    "conv-whole-input": ([2, 4, 3, 2], conv(5, [4, 3], use_bias=False), True),
    "depthwise-valid": ([2, 6, 5, 3], depthwise([3, 2]), True),
    "depthwise-same": ([2, 6, 5, 3], depthwise(3, **SAME), True),
    "depthwise-strided": ([2, 7, 6, 3], depthwise(3, strides=2), True),
    "depthwise-even-strided-same": ([2, 7, 6, 3], depthwise([2, 4], strides=2, **SAME), True),
    "depthwise-stride-over-kernel": ([1, 8, 7, 2], depthwise([2, 1], strides=3), True),
    "max-pool-valid": ([2, 5, 6, 3], pool("max", 2), True),
    "max-pool-stride-1": ([2, 5, 4, 2], pool("max", [2, 3], strides=1), True),
    "max-pool-stride-1-same": ([2, 5, 4, 2], pool("max", [2, 3], strides=1, **SAME), True),
    "max-pool-overlapping-same": ([2, 6, 7, 2], pool("max", 3, strides=2, **SAME), True),
    "max-pool-stride-over-window": ([2, 8, 7, 2], pool("max", [2, 1], strides=3), True),
    "average-pool-valid": ([2, 5, 6, 3], pool("average", 2), True),
    "average-pool-stride-1-same": ([2, 5, 4, 2], pool("average", [2, 3], strides=1, **SAME), True),
    "average-pool-overlapping-same": ([2, 6, 7, 2], pool("average", 3, strides=2, **SAME), True),
    "average-pool-even-same": ([2, 5, 7, 2], pool("average", [4, 2], strides=[3, 2], **SAME), True),
    "average-pool-stride-over-window": ([2, 8, 7, 2], pool("average", [1, 2], strides=3), True),
    "global-average-pool": ([2, 3, 5, 4], {"type": "global_average_pooling2d"}, True),
    "batch-norm-train": ([3, 4, 5, 3], norm(), True),
    "batch-norm-train-options": ([2, 3, 4, 2], norm(momentum=0.7, epsilon=1e-5), True),
    "batch-norm-train-no-scale": ([2, 3, 4, 2], norm(momentum=0.8, scale=False), True),
    "batch-norm-inference": ([3, 4, 5, 3], norm(), False),
    "batch-norm-flat": ([6, 5], norm(momentum=0.9), True),
    "dense": ([3, 7], {"type": "dense", "units": 5}, True),
    "dense-tanh": ([3, 7], {"type": "dense", "units": 5, "activation": "tanh"}, True),
    "conv-relu": ([2, 4, 3, 2], conv(3, 2, activation="relu"), True),
    "sigmoid": ([2, 3, 4, 2], {"type": "activation", "activation": "sigmoid"}, True),
    "zero-padding": ([2, 3, 4, 2], {"type": "zero_padding2d", "padding": [[1, 0], [2, 3]]}, True),
    "local-response": ([2, 3, 2, 7], {"type": "local_response_normalization"}, True),
    "local-response-options": (
        [2, 3, 2, 9],
        {"type": "local_response_normalization", "depth_radius": 2, "bias": 2.0, "alpha": 0.3, "beta": 0.75},
        True,
    ),
}


def samples():
    """The samples that stand in the layers' files. Layers that draw numbers draw others than Keras: only inference.

    Two images each, or six rows of features: of two values batch normalisation's gradient is little but rounding.
    """
    test = ["cargo", "test", "--quiet", "--test", "golden", "--", "--ignored", "--nocapture", "samples_as_json"]
    printed = subprocess.run(test, cwd=HERE, check=True, capture_output=True, text=True).stdout
    counts = {}
    for line in printed.splitlines():
        if not line.startswith("{"):
            continue
        sample = json.loads(line)
        kind = sample["layer"]["type"]
        counts[kind] = counts.get(kind, 0) + 1
        shape = [2 if len(sample["input_shape"]) == 3 else 6, *sample["input_shape"]]
        yield f"{kind}-{counts[kind]}", (shape, sample["layer"], kind not in RANDOM, sample["inputs"])


def draw_variables(layer, generator):
    """Assigns random f32 values. Variances are positive."""
    for variable in layer.variables:
        value = generator.normal(0, 0.7, variable.shape)
        if variable.path.split("/")[-1] in ("moving_variance", "gamma"):
            value = 0.5 + np.abs(value)
        variable.assign(value.astype(np.float32))


def kind_of(variable):
    return variable.path.split("/")[-1]


def depthwise_by_channel(layer, x):
    """TensorFlow's depthwise convolution refuses strides of two sizes; its convolution takes them, channel by channel."""
    kernel, options = layer.kernel.value, (layer.strides, layer.padding.upper())
    parts = [tf.nn.conv2d(x[..., i : i + 1], kernel[:, :, i : i + 1], *options) for i in range(x.shape[-1])]
    return layer.activation(tf.concat(parts, -1) + layer.bias.value)


def run_case(name, shape, layer_spec, training, inputs=1):
    """All tensors of one case."""
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    precise = layer_spec["type"] != "local_response_normalization"
    keras.config.set_floatx("float64" if precise else "float32")
    layer = interpreter.build_layer(layer_spec, "layer")
    xs = [tf.constant(generator.normal(0, 1, shape).astype(np.float32), keras.config.floatx()) for _ in range(inputs)]
    x = xs[0] if inputs == 1 else xs
    layer.build(shape if inputs == 1 else [shape] * inputs)
    draw_variables(layer, generator)
    tensors = {kind_of(v): np.asarray(v) for v in layer.variables}
    if layer_spec["type"] == "normalization":
        tensors |= {"mean": np.ravel(layer.mean), "variance": np.ravel(layer.variance)}
    options = {"training": training} if layer_spec["type"] in ("batch_normalization", *RANDOM) else {}
    with tf.GradientTape() as tape:
        tape.watch(xs)
        is_lopsided = isinstance(layer, keras.layers.DepthwiseConv2D) and len(set(layer.strides)) > 1
        y = depthwise_by_channel(layer, x) if is_lopsided else layer(x, **options)
    dy = tf.constant(generator.normal(0, 1, y.shape).astype(np.float32), y.dtype)
    trainable = layer.trainable_variables
    gradients = tape.gradient(y, [*xs, *[v.value for v in trainable]], output_gradients=dy)
    tensors |= {"y": y, "dy": dy}
    for k, (x, dx) in enumerate(zip(xs, gradients)):
        tensors |= {f"x{k or ''}": x, f"dx{k or ''}": dx}
    tensors |= {"d" + kind_of(v): g for v, g in zip(trainable, gradients[inputs:])}
    if options and training:
        tensors |= {"new_" + kind_of(v): np.asarray(v) for v in layer.non_trainable_variables}
    if layer_spec.get("unbiased_moving_variance"):
        # The batch's part is that of n - 1 values, as in PyTorch.
        n, kept = np.prod(shape[:-1]), layer.momentum * tensors["moving_variance"]
        tensors["new_moving_variance"] = kept + (tensors["new_moving_variance"] - kept) * n / (n - 1)
    return tensors


def run_loss(name):
    """Softmax and cross-entropy, with logits so large that a naive implementation overflows."""
    keras.config.set_floatx("float64")
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    logits = generator.normal(0, 3, (5, 7))
    logits[3] += 90
    logits[4, 2] = -120
    x = tf.constant(logits.astype(np.float32), "float64")
    labels = np.array([0, 6, 3, 1, 2])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, x)
    one_hot = keras.losses.CategoricalCrossentropy(from_logits=True)(np.eye(7)[labels], x)
    assert abs(float(loss) - float(one_hot)) < 1e-9
    return {
        "x": x,
        "y": tf.nn.softmax(x),
        "dx": tape.gradient(loss, x),
        "loss": np.array([float(loss)]),
        "labels": labels,
    }


def main():
    cases, tensors = [], {}
    for name, (shape, layer, training, *inputs) in [*CASES.items(), *samples()]:
        found = run_case(name, shape, layer, training, *inputs)
        tensors |= {f"{name}.{kind}": np.asarray(v, np.float32) for kind, v in found.items()}
        output = list(np.asarray(found["y"]).shape)
        shapes = {"input_shape": shape, "inputs": inputs[0] if inputs else 1, "output_shape": output}
        cases.append({"id": name, "layer": layer, **shapes, "training": training})
    tensors |= {f"softmax-cross-entropy.{kind}": np.asarray(v, np.float32) for kind, v in run_loss("loss").items()}
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    (HERE / "layers.json").write_text(
        f'{{"made_with": "Keras {keras.__version__}, TensorFlow {tf.__version__}",\n "cases": [\n{lines}\n]}}\n'
    )
    save_file(tensors, HERE / "layers.safetensors")
    print(f"{len(cases) + 1} cases, {sum(v.nbytes for v in tensors.values())} bytes")


if __name__ == "__main__":
    main()
