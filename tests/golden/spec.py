"""Builds a Keras 3 model, its optimizer and its callbacks from an experiment document.

Reads the parts that determine the results: names, layers, loss, optimizer, schedule, callbacks. The formulas are Keras's own. Two
schedules that Keras lacks come from PyTorch, and local response normalisation from TensorFlow.
"""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

class LocalResponseNormalization(keras.layers.Layer):
    """tf.nn's layer in f32. In f64, which tf.nn does not support, the same formula in basic operations."""

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, **kwargs):
        super().__init__(**kwargs)
        self.options = {"depth_radius": depth_radius, "bias": bias, "alpha": alpha, "beta": beta}

    def call(self, x):
        if x.dtype == tf.float32:
            return tf.nn.local_response_normalization(x, **self.options)
        radius, channels = self.options["depth_radius"], x.shape[-1]
        squares = tf.pad(tf.square(x), [[0, 0], [0, 0], [0, 0], [radius, radius]])
        total = tf.add_n([squares[..., i : i + channels] for i in range(2 * radius + 1)])
        return x / (self.options["bias"] + self.options["alpha"] * total) ** self.options["beta"]


def layer_class(kind):
    """Keras's class behind a contract name: `max_pooling2d` is `MaxPooling2D`."""
    if kind == "local_response_normalization":
        return LocalResponseNormalization
    capitals = {"relu": "ReLU", "elu": "ELU", "prelu": "PReLU"}
    words = kind.replace("2d", "2D").split("_")
    return getattr(keras.layers, "".join(capitals.get(word, word[0].upper() + word[1:]) for word in words))


def regularizer(value):
    return keras.regularizers.L1L2(value.get("l1", 0.0), value.get("l2", 0.0))


def constraint(value):
    return keras.constraints.MaxNorm(value["max_norm"], value.get("axis", 0))


def initializer(value):
    """`{"type": "constant", "value": 0.1}`"""
    words = "".join(word[0].upper() + word[1:] for word in value["type"].split("_"))
    return getattr(keras.initializers, words)(**{k: v for k, v in value.items() if k != "type"})


def activation(value):
    """A function with its constants: `{"type": "gelu", "approximate": true}`."""
    constants = {k: v for k, v in value.items() if k != "type"}
    return lambda x: getattr(keras.activations, value["type"])(x, **constants)


def build_layer(spec, name):
    """A Keras layer with the options of the document."""
    options = {k: v for k, v in spec.items() if k not in ("type", "name", "inputs")}
    for key, value in options.items():
        if key.endswith("_regularizer") and value:
            options[key] = regularizer(value)
        elif key.endswith("_constraint") and value:
            options[key] = constraint(value)
        elif key == "activation" and isinstance(value, dict):
            options[key] = activation(value)
        elif key.endswith("_initializer") and isinstance(value, dict):
            options[key] = initializer(value)
        elif isinstance(value, list):
            options[key] = tuple(tuple(v) if isinstance(v, list) else v for v in value)
    if spec["type"] == "average_pooling2d":
        options.setdefault("pool_size", 2)
    if spec["type"] == "normalization":
        options = {key: list(value) if isinstance(value, tuple) else value for key, value in options.items()}
    # PyTorch's rule, which make_layers.py works out.
    options.pop("unbiased_moving_variance", None)
    return layer_class(spec["type"])(name=name, **options)


def layer_names(layers):
    """The names of the layers. Layers without one get Keras's default: `conv2d`, `conv2d_1`, numbered by type."""
    counts, names = {}, []
    for layer in layers:
        kind = layer["type"]
        if "name" in layer:
            names.append(layer["name"])
            continue
        seen = counts.get(kind, 0)
        counts[kind] = seen + 1
        names.append(kind if seen == 0 else f"{kind}_{seen}")
    return names


def build_model(spec):
    """The functional model. The input of a layer without `inputs` is the previous layer."""
    x = keras.Input(tuple(spec["input_shape"]), name="input_layer")
    tensors, inputs = {"input_layer": x}, x
    for layer, name in zip(spec["layers"], layer_names(spec["layers"])):
        if "inputs" in layer:
            taken = [tensors[i] for i in layer["inputs"]]
            x = taken[0] if len(taken) == 1 else taken
        x = build_layer(layer, name)(x)
        tensors[name] = x
    return keras.Model(inputs, x)


def ends_in_softmax(spec):
    return spec["layers"][-1].get("activation") == "softmax"


def build_loss(spec):
    losses = {
        "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
        "categorical_focal_crossentropy": keras.losses.CategoricalFocalCrossentropy,
    }
    options = {key: spec[key] for key in ("label_smoothing", "alpha", "gamma") if key in spec}
    return losses[spec["loss"]](from_logits=not ends_in_softmax(spec), **options)


class ByTable(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule given by a table of all steps."""

    def __init__(self, rates):
        self.rates = rates

    def __call__(self, step):
        rates = tf.constant(self.rates, dtype=keras.config.floatx())
        return tf.gather(rates, tf.minimum(tf.cast(step, "int32"), len(self.rates) - 1))


def torch_rates(**job):
    """The learning rate of each step under a PyTorch scheduler."""
    script = Path(__file__).with_name("torch_rates.py")
    run = subprocess.run([sys.executable, script, json.dumps(job)], check=True, capture_output=True)
    return json.loads(run.stdout)


def build_schedule(spec, rate, steps_per_epoch):
    """The learning rate: a number, or a Keras schedule."""
    options = dict(spec.get("learning_rate_schedule") or {"type": "constant"})
    kind = options.pop("type")
    schedules = keras.optimizers.schedules
    steps = steps_per_epoch * spec["epochs"]
    if kind in ("constant", "reduce_on_plateau"):
        return rate
    if kind == "inverse_time_decay":
        return schedules.InverseTimeDecay(rate, **{"decay_steps": 1, **options})
    if kind == "exponential_decay":
        return schedules.ExponentialDecay(rate, **options)
    if kind == "cosine_decay":
        return schedules.CosineDecay(rate, **options)
    if kind == "polynomial_decay":
        return schedules.PolynomialDecay(rate, **options)
    if kind == "piecewise_constant_decay":
        return schedules.PiecewiseConstantDecay(**options)
    if kind == "warmup":
        return ByTable([rate * min(1.0, t / options["warmup_steps"]) for t in range(steps)])
    if kind == "step_decay":
        rates = torch_rates(scheduler="StepLR", options=options, rate=rate, steps=steps, steps_per_tick=steps_per_epoch)
        return ByTable(rates)
    if kind == "one_cycle":
        options = {
            "max_lr": options.pop("max_learning_rate", rate),
            "total_steps": options.pop("total_steps", steps),
            "cycle_momentum": False,
            **options,
        }
        steps = min(steps, options["total_steps"])
        return ByTable(torch_rates(scheduler="OneCycleLR", options=options, rate=rate, steps=steps, steps_per_tick=1))
    raise ValueError(f"unknown schedule. Received: {kind}")


def build_optimizer(spec, steps_per_epoch):
    options = dict(spec["optimizer"])
    kinds = {
        "sgd": keras.optimizers.SGD,
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "rmsprop": keras.optimizers.RMSprop,
        "nadam": keras.optimizers.Nadam,
        "adagrad": keras.optimizers.Adagrad,
        "lion": keras.optimizers.Lion,
        "muon": keras.optimizers.Muon,
    }
    kind = kinds[options.pop("type")]
    default = 0.01 if kind is keras.optimizers.SGD else 0.001
    rate = build_schedule(spec, options.pop("learning_rate", default), steps_per_epoch)
    return kind(learning_rate=rate, **options)


class Rates(keras.callbacks.Callback):
    """Records the learning rate of each step."""

    def on_train_begin(self, logs=None):
        self.rates = []

    def on_train_batch_begin(self, batch, logs=None):
        self.rates.append(float(np.asarray(self.model.optimizer.learning_rate)))


def build_callbacks(spec):
    rates = Rates()
    callbacks = [rates]
    schedule = dict(spec.get("learning_rate_schedule") or {})
    if schedule.pop("type", None) == "reduce_on_plateau":
        schedule["min_lr"] = schedule.pop("min_learning_rate", 0.0)
        callbacks.append(keras.callbacks.ReduceLROnPlateau(**schedule))
    if spec.get("early_stopping"):
        callbacks.append(keras.callbacks.EarlyStopping(**spec["early_stopping"]))
    return callbacks, rates
