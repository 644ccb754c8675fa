# The 18-layer network with shortcuts, with PyTorch's start of weights.
import math
import keras
from keras import layers, ops
from keras.datasets import cifar100

(x_train, y_train), (x_test, y_test) = cifar100.load_data(label_mode="fine")
x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255

augment = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1, fill_mode="constant")])


def start(fan_in):
    limit = 1 / math.sqrt(fan_in)
    return keras.initializers.RandomUniform(minval=-limit, maxval=limit)


def conv(x, filters, size=3, stride=1, name=None):
    fan_in = channels * size * size
    if stride > 1 and size > 1:
        x = layers.ZeroPadding2D(((1, 0), (1, 0)), name=f"{name}_pad")(x)
    padding = "valid" if stride > 1 else "same"
    x = layers.Conv2D(filters, size, strides=stride, padding=padding, kernel_initializer=start(fan_in),
                      bias_initializer=start(fan_in), name=name)(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name + "_bn")(x)


def block(x, filters, stride, name):
    global channels
    shortcut = x
    y = conv(x, filters, stride=stride, name=f"{name}_1")
    y = layers.Activation("relu", name=f"{name}_1_relu")(y)
    before, channels = channels, filters
    y = conv(y, filters, name=f"{name}_2")
    if stride > 1:
        channels = before
        shortcut = conv(x, filters, 1, stride, name="%s_projection" % name)
        channels = filters
    y = layers.Add(name=f"{name}_add")([y, shortcut])
    return layers.Activation("relu", name="{}_relu".format(name))(y)


channels = 3
inputs = keras.Input(shape=(32, 32, 3))
x = augment(inputs)
x = conv(x, 64, name="stem")
x = layers.Activation("relu", name="stem_relu")(x)
channels = 64
for stage, (filters, count) in enumerate([(64, 2), (128, 2), (256, 2), (512, 2)], 1):
    for n in range(1, count + 1):
        x = block(x, filters, 2 if n == 1 and stage != 1 else 1, f"s{stage}b{n}")
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(100, kernel_initializer=start(512), bias_initializer=start(512))(x)
model = keras.Model(inputs, outputs)

model.compile(
    optimizer=keras.optimizers.SGD(0.01, 0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x_train, y_train, batch_size=128, epochs=100, validation_data=(x_test, y_test))
