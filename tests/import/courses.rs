//! Code of the kinds that courses, books and manuals teach, each with what it must become.

use super::{code, left_out, meaning};
use convlab::experiment::Experiment;
use convlab::import::read;
use serde_json::{Value, json};

/// The code becomes this experiment; what is absent here has Convlab's defaults.
fn becomes(text: &str, wanted: Value) {
    let mut document = json!({"name": "wanted", "loss": "sparse_categorical_crossentropy", "seed": 0});
    document.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
    let wanted = Experiment::from_value(document).unwrap();
    assert_eq!(meaning(&code(text)), meaning(&wanted), "{text}");
}

fn adam() -> Value {
    json!({"type": "adam", "learning_rate": 0.001})
}

#[test]
fn a_dictionary_of_hyperparameters_and_a_helper_function() {
    becomes(
        "
import tensorflow as tf
import tensorflow.keras as k
from tensorflow.keras.utils import to_categorical

params = {'filters': [32, 64], 'kernel': (3, 3), 'drop': 0.25, 'lr': 1e-3, 'batch_size': 64, 'epochs': 12, 'n_classes': 10}

(X_train, Y_train), (X_test, Y_test) = k.datasets.mnist.load_data()
X_train = X_train.reshape(X_train.shape[0], 28, 28, 1).astype('float32') / 255.
X_test = X_test.reshape(X_test.shape[0], 28, 28, 1).astype('float32') / 255.
print(f'{X_train.shape[0]:,} images of {X_train.shape[1:]}')
Y_train = to_categorical(Y_train, params['n_classes'])
Y_test = to_categorical(Y_test, params['n_classes'])

def conv_block(x, n, *, drop=None, name='block'):
    '''Convolution, pooling, and perhaps dropout.'''
    x = k.layers.Conv2D(n, params['kernel'], activation='relu', padding='same', name=f'{name}_conv')(x)
    x = k.layers.MaxPool2D()(x)
    if drop:
        x = k.layers.Dropout(drop)(x)
    return x

def build_model(shape=(28, 28, 1), **kwargs):
    inp = k.Input(shape=shape)
    x = inp
    for i, n in enumerate(params['filters'], start=1):
        x = conv_block(x, n, drop=kwargs.get('drop'), name='block%d' % i)
    x = k.layers.Flatten()(x)
    out = k.layers.Dense(params['n_classes'], activation='softmax')(x)
    return k.models.Model(inputs=inp, outputs=out, name='net')

model = build_model(drop=params['drop'])
model.summary()
model.compile(loss=k.losses.CategoricalCrossentropy(), optimizer=k.optimizers.Adam(learning_rate=params['lr']), metrics=['acc'])
hist = model.fit(X_train, Y_train, batch_size=params['batch_size'], epochs=params['epochs'], verbose=2, validation_data=(X_test, Y_test))
score = model.evaluate(X_test, Y_test, verbose=0)
print('Test accuracy: %.4f' % score[1])
",
        json!({
            "dataset": {"name": "mnist", "validation": "test"}, "input_shape": [28, 28, 1],
            "layers": [
                {"type": "conv2d", "filters": 32, "kernel_size": 3, "activation": "relu", "padding": "same"},
                {"type": "max_pooling2d"}, {"type": "dropout", "rate": 0.25},
                {"type": "conv2d", "filters": 64, "kernel_size": 3, "activation": "relu", "padding": "same"},
                {"type": "max_pooling2d"}, {"type": "dropout", "rate": 0.25},
                {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}],
            "loss": "categorical_crossentropy", "optimizer": adam(), "batch_size": 64, "epochs": 12,
        }),
    );
}

#[test]
fn the_manuals_rate_by_epochs_becomes_rates_by_steps() {
    becomes(
        "
import tensorflow as tf
(x, y), _ = tf.keras.datasets.fashion_mnist.load_data()
x = x[..., tf.newaxis] / 255.0

def scheduler(epoch, lr):
    if epoch < 2:
        return lr
    else:
        return lr * tf.math.exp(-0.1)

model = tf.keras.models.Sequential([tf.keras.layers.Flatten(input_shape=(28, 28, 1)), tf.keras.layers.Dense(10)])
model.compile(tf.keras.optimizers.SGD(), loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
callback = tf.keras.callbacks.LearningRateScheduler(scheduler, verbose=1)
history = model.fit(x[:6000], y[:6000], epochs=4, callbacks=[callback], batch_size=100, validation_split=0.1)
",
        json!({
            "dataset": {"name": "fashion_mnist", "validation": {"split": 0.1}, "limit": {"train": 6000}},
            "input_shape": [28, 28, 1], "layers": [{"type": "flatten"}, {"type": "dense", "units": 10}],
            "optimizer": {"type": "sgd", "learning_rate": 0.01}, "epochs": 4, "batch_size": 100,
            "learning_rate_schedule": {
                "type": "piecewise_constant_decay", "boundaries": [107, 161], "values": [0.01, 0.00904837418, 0.00818730753]},
        }),
    );
}

#[test]
fn a_partial_layer_and_a_stack_of_calls() {
    becomes(
        "
from functools import partial
import numpy as np
import tensorflow as tf

fashion_mnist = tf.keras.datasets.fashion_mnist.load_data()
(X_train_full, y_train_full), (X_test, y_test) = fashion_mnist
X_train_full = np.expand_dims(X_train_full, axis=-1).astype(np.float32) / 255
X_test = np.expand_dims(X_test.astype(np.float32), axis=-1) / 255
X_train, X_valid = X_train_full[:-5000], X_train_full[-5000:]
y_train, y_valid = y_train_full[:-5000], y_train_full[-5000:]

tf.random.set_seed(42)
DefaultConv2D = partial(tf.keras.layers.Conv2D, kernel_size=3, padding='same', activation='relu', kernel_initializer='he_normal')
model = tf.keras.Sequential([
    DefaultConv2D(filters=64, kernel_size=7, input_shape=[28, 28, 1]),
    tf.keras.layers.MaxPool2D(),
    DefaultConv2D(filters=128),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(units=64, activation='relu', kernel_initializer='he_normal'),
    tf.keras.layers.Dropout(0.5),
    tf.keras.layers.Dense(units=10, activation='softmax'),
])
model.compile(loss='sparse_categorical_crossentropy', optimizer='nadam', metrics=['accuracy'])
early = tf.keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
history = model.fit(X_train, y_train, epochs=10, validation_data=(X_valid, y_valid), callbacks=[early])
",
        json!({
            "dataset": {"name": "fashion_mnist", "validation": {"split": 0.08333}}, "input_shape": [28, 28, 1],
            "layers": [
                {"type": "conv2d", "filters": 64, "kernel_size": 7, "padding": "same", "activation": "relu", "kernel_initializer": "he_normal"},
                {"type": "max_pooling2d"},
                {"type": "conv2d", "filters": 128, "kernel_size": 3, "padding": "same", "activation": "relu", "kernel_initializer": "he_normal"},
                {"type": "flatten"},
                {"type": "dense", "units": 64, "activation": "relu", "kernel_initializer": "he_normal"},
                {"type": "dropout", "rate": 0.5}, {"type": "dense", "units": 10, "activation": "softmax"}],
            "optimizer": {"type": "nadam", "learning_rate": 0.001}, "epochs": 10,
            "early_stopping": {"patience": 10, "restore_best_weights": true},
        }),
    );
}

#[test]
fn tensorflow_datasets() {
    becomes(
        "
import tensorflow as tf
import tensorflow_datasets as tfds

(ds_train, ds_test), ds_info = tfds.load('mnist', split=['train', 'test'], shuffle_files=True, as_supervised=True, with_info=True)

def normalize_img(image, label):
    \"\"\"Normalizes images: `uint8` -> `float32`.\"\"\"
    return tf.cast(image, tf.float32) / 255., label

ds_train = ds_train.map(normalize_img, num_parallel_calls=tf.data.AUTOTUNE)
ds_train = ds_train.cache()
ds_train = ds_train.shuffle(ds_info.splits['train'].num_examples)
ds_train = ds_train.batch(128)
ds_train = ds_train.prefetch(tf.data.AUTOTUNE)
ds_test = ds_test.map(normalize_img, num_parallel_calls=tf.data.AUTOTUNE).batch(128).cache().prefetch(tf.data.AUTOTUNE)

model = tf.keras.models.Sequential([
  tf.keras.layers.Flatten(input_shape=(28, 28)),
  tf.keras.layers.Dense(128, activation='relu'),
  tf.keras.layers.Dense(10)
])
model.compile(
    optimizer=tf.keras.optimizers.Adam(0.001),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[tf.keras.metrics.SparseCategoricalAccuracy()],
)
model.fit(ds_train, epochs=6, validation_data=ds_test)
",
        json!({
            "dataset": {"name": "mnist", "validation": "test"}, "input_shape": [28, 28, 1],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 128, "activation": "relu"}, {"type": "dense", "units": 10}],
            "optimizer": adam(), "batch_size": 128, "epochs": 6,
        }),
    );
    let split = "
import tensorflow_datasets as tfds
from keras import *
train = tfds.load('cifar10', split='train[:80%]', as_supervised=True)
valid = tfds.load('cifar10', split='train[80%:]', as_supervised=True)
scale = lambda image, label: (image / 255, label)
m = Sequential([layers.Input((32, 32, 3)), layers.Flatten(), layers.Dense(10, 'softmax')])
m.compile('adam', 'sparse_categorical_crossentropy')
m.fit(train.map(scale).batch(50), validation_data=valid.map(scale).batch(50))
";
    becomes(
        split,
        json!({
            "dataset": {"name": "cifar10", "validation": {"split": 0.2}}, "input_shape": [32, 32, 3],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}],
            "optimizer": adam(), "batch_size": 50,
        }),
    );
}

#[test]
fn a_class_of_settings_and_arguments_of_the_command_line() {
    let network = |head: &str, c: &str| {
        format!(
            "
import argparse
from dataclasses import dataclass
from types import SimpleNamespace
from keras import layers, models, optimizers
from keras.datasets import cifar100
{head}
(x, y), (x_test, y_test) = cifar100.load_data(label_mode='fine')
x, x_test = x / 255.0, x_test / 255.0
model = models.Sequential()
model.add(layers.Conv2D({c}.width, {c}.kernel, input_shape=x.shape[1:]))
model.add(layers.LeakyReLU(alpha=0.1))
model.add(layers.BatchNormalization(axis=3))
model.add(layers.Flatten())
model.add(layers.Dense(100, activation='softmax'))
model.compile(optimizers.RMSprop(lr={c}.lr), 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x, y, {c}.batch_size, epochs={c}.epochs, validation_split={c}.val)
"
        )
    };
    let heads = [
        (
            "class Config:\n    width = 16\n    kernel = (3, 3)\n    lr = 1e-4\n    batch_size = 2 ** 5\n    epochs = 3\n    val = 0.1",
            "Config",
        ),
        (
            "@dataclass\nclass Config:\n    width: int = 99\n    kernel: int = 3\n    lr: float = 1e-4\n    batch_size: int = 32\n    epochs: int = 3\n    val: float = 0.1\ncfg = Config(width=16)",
            "cfg",
        ),
        ("cfg = SimpleNamespace(width=16, kernel=3, lr=0.0001, batch_size=32, epochs=3, val=.1)", "cfg"),
        (
            "parser = argparse.ArgumentParser(description='train')
parser.add_argument('--width', type=int, default=16)
parser.add_argument('-k', '--kernel', type=int, default=3)
parser.add_argument('--lr', type=float, default=1e-4, help='learning rate')
parser.add_argument('--batch-size', type=int, default=32)
parser.add_argument('--epochs', type=int, default=3)
parser.add_argument('--val', default=0.1)
parser.add_argument('--verbose', action='store_true')
args = parser.parse_args()
if args.verbose:
    print(args)",
            "args",
        ),
    ];
    for (head, name) in heads {
        becomes(
            &network(head, name),
            json!({
                "dataset": {"name": "cifar100", "validation": {"split": 0.1}}, "input_shape": [32, 32, 3],
                "layers": [
                    {"type": "conv2d", "filters": 16, "kernel_size": 3}, {"type": "leaky_relu", "negative_slope": 0.1},
                    {"type": "batch_normalization"}, {"type": "flatten"}, {"type": "dense", "units": 100, "activation": "softmax"}],
                "optimizer": {"type": "rmsprop", "learning_rate": 0.0001}, "epochs": 3,
            }),
        );
    }
}

#[test]
fn the_residual_network_of_kerass_own_examples() {
    let experiment = code(
        "
from __future__ import print_function
import keras
from keras.layers import Dense, Conv2D, BatchNormalization, Activation
from keras.layers import AveragePooling2D, Input, Flatten
from keras.optimizers import Adam
from keras.callbacks import ModelCheckpoint, LearningRateScheduler
from keras.callbacks import ReduceLROnPlateau
from keras.preprocessing.image import ImageDataGenerator
from keras.regularizers import l2
from keras import backend as K
from keras.models import Model
from keras.datasets import cifar10
import numpy as np
import os

batch_size = 32
epochs = 200
data_augmentation = True
num_classes = 10
n = 3
version = 1
if version == 1:
    depth = n * 6 + 2
elif version == 2:
    depth = n * 9 + 2
model_type = 'ResNet%dv%d' % (depth, version)

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
input_shape = x_train.shape[1:]
x_train = x_train.astype('float32') / 255
x_test = x_test.astype('float32') / 255
print('x_train shape:', x_train.shape)
print(x_train.shape[0], 'train samples')
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

def lr_schedule(epoch):
    lr = 1e-3
    if epoch > 180:
        lr *= 0.5e-3
    elif epoch > 160:
        lr *= 1e-3
    elif epoch > 120:
        lr *= 1e-2
    elif epoch > 80:
        lr *= 1e-1
    print('Learning rate: ', lr)
    return lr

def resnet_layer(inputs, num_filters=16, kernel_size=3, strides=1, activation='relu', batch_normalization=True, conv_first=True):
    conv = Conv2D(num_filters, kernel_size=kernel_size, strides=strides, padding='same',
                  kernel_initializer='he_normal', kernel_regularizer=l2(1e-4))
    x = inputs
    if conv_first:
        x = conv(x)
        if batch_normalization:
            x = BatchNormalization()(x)
        if activation is not None:
            x = Activation(activation)(x)
    else:
        if batch_normalization:
            x = BatchNormalization()(x)
        if activation is not None:
            x = Activation(activation)(x)
        x = conv(x)
    return x

def resnet_v1(input_shape, depth, num_classes=10):
    if (depth - 2) % 6 != 0:
        raise ValueError('depth should be 6n+2 (eg 20, 32, 44 in [a])')
    num_filters = 16
    num_res_blocks = int((depth - 2) / 6)
    inputs = Input(shape=input_shape)
    x = resnet_layer(inputs=inputs)
    for stack in range(3):
        for res_block in range(num_res_blocks):
            strides = 1
            if stack > 0 and res_block == 0:
                strides = 2
            y = resnet_layer(inputs=x, num_filters=num_filters, strides=strides)
            y = resnet_layer(inputs=y, num_filters=num_filters, activation=None)
            if stack > 0 and res_block == 0:
                x = resnet_layer(inputs=x, num_filters=num_filters, kernel_size=1, strides=strides, activation=None, batch_normalization=False)
            x = keras.layers.add([x, y])
            x = Activation('relu')(x)
        num_filters *= 2
    x = AveragePooling2D(pool_size=8)(x)
    y = Flatten()(x)
    outputs = Dense(num_classes, activation='softmax', kernel_initializer='he_normal')(y)
    model = Model(inputs=inputs, outputs=outputs)
    return model

if version == 2:
    model = resnet_v2(input_shape=input_shape, depth=depth)
else:
    model = resnet_v1(input_shape=input_shape, depth=depth)
model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=lr_schedule(0)), metrics=['accuracy'])
model.summary()
save_dir = os.path.join(os.getcwd(), 'saved_models')
model_name = 'cifar10_%s_model.{epoch:03d}.h5' % model_type
if not os.path.isdir(save_dir):
    os.makedirs(save_dir)
filepath = os.path.join(save_dir, model_name)
checkpoint = ModelCheckpoint(filepath=filepath, monitor='val_acc', verbose=1, save_best_only=True)
lr_scheduler = LearningRateScheduler(lr_schedule)
callbacks = [checkpoint, lr_scheduler]
if not data_augmentation:
    model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, validation_data=(x_test, y_test), shuffle=True, callbacks=callbacks)
else:
    datagen = ImageDataGenerator(featurewise_center=False, samplewise_center=False, zca_whitening=False, zca_epsilon=1e-06,
        rotation_range=0, width_shift_range=0.1, height_shift_range=0.1, shear_range=0., zoom_range=0., channel_shift_range=0.,
        fill_mode='nearest', cval=0., horizontal_flip=True, vertical_flip=False, rescale=None, preprocessing_function=None,
        data_format=None, validation_split=0.0)
    datagen.fit(x_train)
    model.fit_generator(datagen.flow(x_train, y_train, batch_size=batch_size), validation_data=(x_test, y_test), epochs=epochs, verbose=1, workers=4, callbacks=callbacks)
scores = model.evaluate(x_test, y_test, verbose=1)
print('Test loss:', scores[0])
",
    );
    let document = serde_json::to_value(&experiment).unwrap();
    assert_eq!(document["dataset"], json!({"name": "cifar10", "validation": "test"}));
    assert_eq!((&document["epochs"], &document["batch_size"]), (&json!(200), &json!(32)));
    assert_eq!(document["model_checkpoint"], json!({"monitor": "val_accuracy"}));
    assert_eq!(document["learning_rate_schedule"]["boundaries"], json!([126_602.0, 189_122.0, 251_642.0, 282_902.0]));
    assert_eq!(document["learning_rate_schedule"]["values"], json!([1e-3, 1e-4, 1e-5, 1e-6, 5e-7]));
    assert_eq!(super::params(&experiment), (274_442, 273_066));
}

#[test]
fn augmentation_by_a_model_of_its_own_and_a_scale_in_a_lambda() {
    becomes(
        "
import tensorflow as tf
from tensorflow.keras import layers, Sequential
(x, y), (xt, yt) = tf.keras.datasets.cifar10.load_data()
data_augmentation = Sequential([
    layers.ZeroPadding2D(4), layers.RandomCrop(32, 32),
    layers.RandomFlip('horizontal', input_shape=(32, 32, 3)),
    layers.RandomRotation(0.1),
])
model = Sequential()
model.add(layers.Lambda(lambda t: t / 255., input_shape=(32, 32, 3)))
model.add(data_augmentation)
for f in 16, 32:
    model.add(layers.Conv2D(f, 3, padding='same'))
    model.add(layers.Activation(tf.nn.relu))
model.add(layers.GlobalAvgPool2D())
model.add(layers.Dense(10))
model.add(layers.Softmax())
model.compile('sgd', 'sparse_categorical_crossentropy')
model.fit(x, y, epochs=5, validation_data=(xt, yt), batch_size=128)
",
        json!({
            "dataset": {"name": "cifar10", "validation": "test"}, "input_shape": [32, 32, 3],
            "layers": [
                {"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same"}, {"type": "activation", "activation": "relu"},
                {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same"}, {"type": "activation", "activation": "relu"},
                {"type": "global_average_pooling2d"}, {"type": "dense", "units": 10}, {"type": "activation", "activation": "softmax"}],
            "optimizer": {"type": "sgd", "learning_rate": 0.01}, "epochs": 5, "batch_size": 128,
            "augmentation": [{"type": "random_crop", "padding": 4}, {"type": "random_flip"}, {"type": "random_rotation", "factor": 0.1}],
        }),
    );
}

#[test]
fn merged_classes() {
    becomes(
        "
import numpy as np, keras
from keras import layers
(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
x, x_test = x[..., np.newaxis] / 255, x_test[..., np.newaxis] / 255
groups = [[0, 6], [1, 7], [2, 3, 8, 5], [4, 9]]
table = np.array([next_group for c in range(10) for next_group, members in enumerate(groups) if c in members])
y, y_test = table[y], table[y_test]
m = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(len(groups), 'softmax')])
m.compile('adam', 'sparse_categorical_crossentropy')
m.fit(x, y, batch_size=20, epochs=10, validation_data=(x_test, y_test))
",
        json!({
            "dataset": {"name": "mnist", "validation": "test", "merge_classes": [[0, 6], [1, 7], [2, 3, 5, 8], [4, 9]]},
            "input_shape": [28, 28, 1], "layers": [{"type": "flatten"}, {"type": "dense", "units": 4, "activation": "softmax"}],
            "optimizer": adam(), "batch_size": 20, "epochs": 10,
        }),
    );
}

#[test]
fn magics_and_cells_that_are_not_python() {
    let cell = |source: &str| json!({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": source});
    let notebook = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        cell("!pip install -q keras==3.5 \\\n   matplotlib\n%matplotlib inline\n%cd /content"),
        cell("%%bash\nfor i in 1 2; do echo $i; done"),
        cell("%%writefile helper.py\nx = ["),
        cell("import keras, numpy as np\nimport matplotlib.pyplot as plt\nfiles = !ls\n?keras.Model\n(x, y), (a, b) = keras.datasets.mnist.load_data()\nplt.imshow(x[0], cmap='gray'); plt.show()"),
        cell("%%time\nm = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(10, 'softmax')])\n%timeit -n1 m.count_params()\nm.compile('adam', 'sparse_categorical_crossentropy', metrics=['acc'])"),
        cell("h = m.fit(x / 255.0, y, epochs=2, validation_split=0.1)\nfor k in ['loss', 'val_loss']:\n    plt.plot(h.history[k], label=k)\nplt.legend()"),
    ]});
    // As editors on Windows write it, too.
    let text = notebook.to_string();
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &utf16] {
        let imported = read("lab.ipynb", bytes, None).unwrap();
        assert_eq!(imported.unsupported, []);
        let wanted = json!({
            "name": "lab", "dataset": {"name": "mnist", "validation": {"split": 0.1}}, "input_shape": [28, 28, 1],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}],
            "loss": "sparse_categorical_crossentropy", "optimizer": adam(), "epochs": 2, "batch_size": 32,
        });
        assert_eq!(meaning(&imported.experiment), meaning(&Experiment::from_value(wanted).unwrap()));
    }
}

#[test]
fn what_courses_use_and_convlab_lacks_is_named_at_its_line() {
    let text = "import tensorflow as tf
from sklearn.model_selection import train_test_split
(x, y), (a, b) = tf.keras.datasets.mnist.load_data()
x_train, x_val, y_train, y_val = train_test_split(x / 255.0, y, test_size=0.2)
class Stop(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs={}):
        if logs.get('accuracy') > 0.99:
            self.model.stop_training = True
base = tf.keras.applications.VGG16(include_top=False, input_shape=(32, 32, 3))
m = tf.keras.Sequential([tf.keras.layers.Flatten(input_shape=(28, 28)), tf.keras.layers.Dense(10, 'softmax')])
class Cycle(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1
m.compile(tf.keras.optimizers.SGD(Cycle()), 'sparse_categorical_crossentropy')
m.fit(x_train, y_train, epochs=2, validation_data=(x_val, y_val), callbacks=[Stop()])
";
    let found = left_out(text);
    for (line, what) in
        [("line 4: ", "train_test_split"), ("line 14: ", "Cycle"), ("line 15: ", "Stop: a callback of your own")]
    {
        assert!(found.iter().any(|note| note.starts_with(line) && note.contains(what)), "{what}: {found:#?}");
    }
}
