# Seven convolutions without pooling.
import tensorflow as tf
from tensorflow.keras import datasets, layers, models

(x_train, y_train), (x_test, y_test) = datasets.cifar10.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0

net = models.Sequential()
net.add(layers.Conv2D(8, (3, 3), activation="relu", padding="valid", input_shape=(32, 32, 3)))
for filters in 24, 36:
    net.add(layers.Conv2D(filters, 3, activation="relu"))
net.add(layers.Conv2D(48, kernel_size=(5, 5), activation="relu"))
# net.add(layers.MaxPooling2D())
for _ in range(2):
    net.add(layers.Conv2D(36, (7, 7), activation="relu", padding="same"))
net.add(layers.Conv2D(64, (9, 9), activation="relu"))
net.add(layers.Flatten())
net.add(layers.Dense(64, activation="relu"))
net.add(layers.Dense(10))
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
net.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
net.fit(x_train, y_train, epochs=15, validation_data=(x_test, y_test))
