"""NET II with larger kernels, as the functional API has it."""
import tensorflow as tf
from tensorflow.keras.layers import *
from tensorflow.keras.models import Model
from tensorflow.keras.datasets import cifar10

BATCH, EPOCHS, CLASSES = 128, 20, 10

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
x_train = x_train.astype('float32') / 255.
x_test = x_test.astype('float32') / 255.
print('x_train shape:', x_train.shape)

inputs = Input(shape=x_train.shape[1:])
x = Conv2D(32, 5, activation='relu')(inputs)
x = Conv2D(64, (5, 5), activation=tf.nn.relu)(x)
x = MaxPooling2D()(x)
x = Conv2D(64, 5, activation='relu')(x)
x = MaxPool2D((2, 2))(x)
x = Flatten()(x)
x = Dense(512, activation='relu')(x)
outputs = Dense(CLASSES, activation='softmax')(x)

model = Model(inputs=inputs, outputs=outputs)
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=1e-3),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(),
              metrics=['accuracy'])
hist = model.fit(x_train, y_train, BATCH, EPOCHS, validation_split=0.2, verbose=2)
