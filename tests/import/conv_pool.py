# The seven convolutions of conv-only with pooling between them.
import tensorflow as tf
from tensorflow.keras import layers, models

cifar = tf.keras.datasets.cifar10
(x_train, y_train), (x_test, y_test) = cifar.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0

same = dict(activation="relu", padding="same")
model = models.Sequential([
    layers.Conv2D(8, 3, input_shape=(32, 32, 3), **same),
    layers.Conv2D(24, 3, **same),
    layers.MaxPooling2D((2, 2), strides=1),
    layers.Conv2D(36, 3, **same),
    layers.Conv2D(48, 5, **same),
    layers.MaxPooling2D((2, 2), strides=(1, 1)),
    *[layers.Conv2D(36, 7, **same) for _ in range(2)],
    layers.MaxPooling2D(),
    layers.Conv2D(64, 9, activation="relu"),
    layers.Flatten(),
    layers.Dense(64, "relu"),
    layers.Dense(10),
])
model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model.fit(x_train, y_train, epochs=15, validation_data=(x_test, y_test))
