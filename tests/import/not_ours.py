# Three things that cannot be taken: in lines 5, 13 and 17.
import keras
from keras import layers

class Scale(layers.Layer):
    def call(self, x):
        return x * 2

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    Scale(),
    layers.LSTM(8),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", loss=lambda y, p: 0.0)
