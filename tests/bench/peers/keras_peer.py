"""Measures Keras with TensorFlow on the CPU, on the same networks with noise as images. Prints one JSON object per network."""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

WINDOWS = 5


def pair(value, otherwise=None):
    value = otherwise if value is None else value
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


def layer(spec):
    kind = spec["type"]
    kernel = {}
    if "kernel_regularizer" in spec:
        kernel["kernel_regularizer"] = keras.regularizers.L2(spec["kernel_regularizer"]["l2"])
    activation = spec.get("activation")
    if kind == "conv2d":
        padding, strides = spec.get("padding", "valid"), pair(spec.get("strides"), 1)
        size = pair(spec["kernel_size"])
        return keras.layers.Conv2D(spec["filters"], size, strides, padding, activation=activation, **kernel)
    if kind in ("max_pooling2d", "average_pooling2d"):
        size = pair(spec.get("pool_size"), 2)
        make = keras.layers.MaxPooling2D if kind == "max_pooling2d" else keras.layers.AveragePooling2D
        return make(size, pair(spec.get("strides"), size), spec.get("padding", "valid"))
    if kind == "depthwise_conv2d":
        padding, strides = spec.get("padding", "valid"), pair(spec.get("strides"), 1)
        return keras.layers.DepthwiseConv2D(pair(spec["kernel_size"]), strides, padding, activation=activation, **kernel)
    if kind == "batch_normalization":
        return keras.layers.BatchNormalization(momentum=spec.get("momentum", 0.99), epsilon=spec.get("epsilon", 1e-3))
    if kind == "zero_padding2d":
        return keras.layers.ZeroPadding2D(spec["padding"])
    if kind == "activation":
        return keras.layers.Activation(spec["activation"])
    if kind == "global_average_pooling2d":
        return keras.layers.GlobalAveragePooling2D()
    if kind == "add":
        return keras.layers.Add()
    if kind == "flatten":
        return keras.layers.Flatten()
    if kind == "dropout":
        return keras.layers.Dropout(spec["rate"])
    if kind == "dense":
        return keras.layers.Dense(spec["units"], activation=activation, **kernel)
    raise SystemExit(f"no {kind} in this comparison")


def network(experiment):
    """The inputs of a layer are those it names, or the previous layer."""
    start = last = keras.Input(experiment["input_shape"])
    outputs = {"input_layer": start}
    for spec in experiment["layers"]:
        inputs = [outputs[name] for name in spec.get("inputs", [])] or [last]
        last = layer(spec)(inputs if len(inputs) > 1 else inputs[0])
        outputs[spec.get("name")] = last
    return keras.Model(start, last)


class Laps(keras.callbacks.Callback):
    """Records the end time of each epoch."""

    def __init__(self):
        super().__init__()
        self.times = []

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.perf_counter())


def bench(experiment, seconds):
    layers = experiment["layers"]
    model = network(experiment)
    logits = layers[-1].get("activation") != "softmax"
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=logits)
    model.compile(optimizer=keras.optimizers.Adam(experiment["optimizer"]["learning_rate"]), loss=loss, metrics=["accuracy"])
    batch, classes = experiment["batch_size"], layers[-1]["units"]
    x = np.random.rand(batch, *experiment["input_shape"]).astype("float32")
    y = (np.arange(batch) % classes).astype("int32")
    # The data are in memory, and an epoch has many steps, so that the loss is read rarely.
    data = tf.data.Dataset.from_tensors((x, y)).repeat()

    # Each epoch is a window. The first one is dropped, because it includes the start of `fit`.
    def windows(epochs, steps):
        laps = Laps()
        model.fit(data, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[laps])
        return [later - earlier for earlier, later in zip(laps.times, laps.times[1:])]

    step_s = windows(2, 3)[-1] / 3
    steps = max(1, round(seconds / WINDOWS / step_s))
    ms = sorted(1e3 * lap / steps for lap in windows(WINDOWS + 1, steps))
    median = ms[WINDOWS // 2]
    figures = {"ms_per_step": median, "ms_per_step_error": (ms[-1] - ms[0]) / 2, "images_per_s": 1e3 * batch / median}
    return {"experiment": experiment["name"], "peer": "keras", **figures}


versions = f"Keras {keras.__version__}, TensorFlow {tf.__version__}"
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        print(json.dumps({**bench(json.load(file), float(sys.argv[1])), "version": versions}), flush=True)
