"""Trains `net-1` in Keras 3 on the same files: python net_1.py DIR [SEED], where DIR contains cifar-10-batches-bin."""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers


def load(*names):
    folder = Path(sys.argv[1]) / "cifar-10-batches-bin"
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names])
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype("float32") / 255, records[:, 0]


seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
keras.utils.set_random_seed(seed)
model = keras.Sequential(
    [
        layers.Input((32, 32, 3)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
images, labels = load(*(f"data_batch_{i}.bin" for i in range(1, 6)))
history = model.fit(images, labels, batch_size=128, epochs=20, validation_split=0.2).history
loss, accuracy = model.evaluate(*load("test_batch.bin"))
print(json.dumps({"seed": seed, "history": history, "test_loss": loss, "test_accuracy": accuracy}))
