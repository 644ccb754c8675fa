# NET III: a table of blocks, dropout and L2.
import keras
from keras import layers, models, regularizers
from keras.datasets import cifar10

(train_images, train_labels), (test_images, test_labels) = cifar10.load_data()
train_images, test_images = [images / 255 for images in (train_images, test_images)]

blocks = {'first': [96, 96], 'second': [128], 'third': [128] * 3}
penalty = regularizers.l2(5e-4)


def build(rate=0.5, *, units=(1024, 512)):
    """Builds the network."""
    model = models.Sequential()
    model.add(layers.InputLayer(shape=(32, 32, 3)))
    for name, widths in blocks.items():
        for i, width in enumerate(widths, start=1):
            model.add(layers.Conv2D(width, (3, 3), padding='same', activation='relu'))
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.Dropout(rate))
    model.add(layers.Flatten())
    for n in units:
        model.add(layers.Dense(n, activation='relu', kernel_regularizer=penalty))
        model.add(layers.Dropout(rate))
    model.add(layers.Dense(10, activation='softmax', kernel_regularizer=penalty))
    return model


if __name__ == '__main__':
    net = build()
    net.compile(optimizer='Adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    net.fit(x=train_images, y=train_labels, batch_size=2 ** 7, epochs=20, validation_split=1 / 5)
