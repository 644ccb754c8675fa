"""Writes small models as Keras and PyTorch save them, and what they make of three images: `python tests/golden/make_formats.py`.

The results are the files in tests/golden/formats; tests/import.rs reads them. Needs keras with a backend, torch, h5py, numpy and
safetensors.
"""

import json
from pathlib import Path

import h5py
import keras
import numpy as np
import torch
from keras import layers
from keras.src.legacy.saving import legacy_h5_format
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).parent / "formats"
random = np.random.default_rng(1)
images = random.integers(0, 256, (3, 6, 5, 2), np.uint8)


def expected(name, probabilities):
    lines = {"images": images.tolist(), "probabilities": np.asarray(probabilities, np.float64).tolist()}
    (FOLDER / f"{name}.json").write_text(json.dumps(lines))


def branched():
    x = keras.Input((6, 5, 2), name="image")
    t = layers.Conv2D(4, (3, 2), padding="same", use_bias=False, kernel_regularizer=keras.regularizers.L2(0.01), name="stem")(x)
    t = layers.BatchNormalization(momentum=0.9, name="norm")(t)
    t = layers.ReLU(name="act")(t)
    a = layers.DepthwiseConv2D(3, padding="same", activation="tanh", name="left")(t)
    b = layers.Conv2D(4, 1, kernel_constraint=keras.constraints.MaxNorm(2, axis=[0, 1, 2]), name="right")(t)
    t = layers.Add(name="sum")([a, b])
    t = layers.MaxPooling2D(2, strides=1, name="pool")(t)
    t = layers.Dropout(0.25, name="drop")(t)
    t = layers.Flatten(name="flat")(t)
    t = layers.Dense(3, activation="softmax", kernel_initializer="he_normal", name="out")(t)
    return keras.Model(x, t, name="branched")


def chain():
    return keras.Sequential(
        [
            keras.Input((6, 5, 2)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.AveragePooling2D(2, padding="same"),
            layers.Conv2D(4, 2, activation="sigmoid"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ],
        name="chain",
    )


def shake(model):
    for variable in model.variables:
        if variable.dtype == "float32":
            values = random.normal(0, 0.5, variable.shape)
            variable.assign(np.abs(values) + 0.5 if "variance" in variable.name else values)


for model in [branched(), chain()]:
    shake(model)
    if model.name == "chain":
        model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "categorical_crossentropy", metrics=["accuracy"])
    (FOLDER / f"{model.name}.model.json").write_text(model.to_json())
    model.save(FOLDER / f"{model.name}.keras")
    model.save(FOLDER / f"{model.name}.h5")
    model.save_weights(FOLDER / f"{model.name}.weights.h5")
    with h5py.File(FOLDER / f"{model.name}.legacy-weights.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    expected(model.name, model.predict(images.astype(np.float32) / 255, verbose=0))


class Net(nn.Module):
    """The same layers as `chain`, but for a flattened image in place of the mean, and names and an order of PyTorch's own."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4 * 2 * 1, 3)
        self.features = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 4, (3, 3)))

    def forward(self, x):
        return torch.softmax(self.fc(self.features(x).flatten(1)), -1)


torch.manual_seed(1)
net = Net()
with torch.no_grad():
    for tensor in net.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand(tensor.shape) + 0.1)
net.eval()
save_file(net.state_dict(), FOLDER / "net.safetensors")
with torch.no_grad():
    expected("net", net(torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32) / 255)).numpy())
