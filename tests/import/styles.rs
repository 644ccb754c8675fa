//! Ways in which people write the same things.

use super::{code, left_out};
use convlab::experiment::schedule::Schedule;
use convlab::import::read;
use serde_json::{Value, json};

/// A small network in many ways.
const STYLES: [(&str, &str); 22] = [
    (
        "import keras, keras.layers",
        "import keras
import keras.layers
m = keras.models.Sequential()
m.add(keras.layers.Conv2D(8, 3, activation='relu', input_shape=(28, 28, 1)))
m.add(keras.layers.MaxPooling2D())
m.add(keras.layers.Flatten())
m.add(keras.layers.Dense(10, activation='softmax'))",
    ),
    (
        "tf.keras",
        "import tensorflow as tf
m = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(28, 28, 1)),
    tf.keras.layers.Conv2D(filters=8, kernel_size=(3, 3), activation=tf.nn.relu),
    tf.keras.layers.MaxPool2D(),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(units=10, activation=tf.nn.softmax),
])",
    ),
    (
        "names of layers alone",
        "from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, Dense
m = Sequential([Conv2D(8, (3, 3), (1, 1), 'valid', activation='relu', input_shape=(28, 28, 1)), MaxPooling2D((2, 2)), Flatten(), Dense(10, 'softmax')])",
    ),
    (
        "everything",
        "from keras.models import *
from keras.layers import *
m = Sequential()
m.add(InputLayer((28, 28, 1)))
m.add(Conv2D(8, 3))
m.layers
m.add(MaxPooling2D(pool_size=2, strides=2, padding='valid'))
m.pop()
m.pop()
m.add(Conv2D(8, kernel_size=3, activation='relu', data_format='channels_last', dilation_rate=(1, 1), groups=1))
m.add(MaxPooling2D(2))
m.add(Flatten())
m.add(Dense(10, activation='softmax', use_bias=True, kernel_initializer='glorot_uniform', name=None))",
    ),
    (
        "functional",
        "from keras import Input, Model, layers
x = inputs = Input((28, 28, 1))
x = layers.Conv2D(8, 3, activation='relu')(x)
x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
m = Model(inputs=[inputs], outputs=[layers.Dense(10, activation='softmax')(x)])",
    ),
    (
        "a function",
        "import keras
from keras import layers as L
def make(filters=4, *, classes):
    net = keras.Sequential()
    for layer in [L.Conv2D(filters, 3, activation='relu'), L.MaxPooling2D(), L.Flatten()]:
        net.add(layer)
    net.add(L.Dense(classes))
    net.add(L.Softmax()) if False else net.pop()
    net.add(L.Dense(classes, activation='softmax'))
    return net
m = make(8, classes=10)
m.build(input_shape=(None, 28, 28, 1))",
    ),
    (
        "a table",
        "from keras import layers, Sequential
table = [('conv', dict(filters=8, kernel_size=3, activation='relu')), ('pool', {}), ('flat', {}), ('dense', {'units': 10, 'activation': 'softmax'})]
kinds = {'conv': layers.Conv2D, 'pool': layers.MaxPooling2D, 'flat': layers.Flatten, 'dense': layers.Dense}
m = Sequential([layers.Input((28, 28, 1))] + [kinds[kind](**options) for kind, options in table])",
    ),
    (
        "nested models",
        "import keras
from keras import layers
head = keras.Sequential([layers.Flatten(), layers.Dense(10, activation='softmax')])
body = keras.Sequential([layers.Conv2D(8, 3, activation='relu'), layers.MaxPooling2D()])
m = keras.Sequential([keras.Input((28, 28, 1)), body, head])",
    ),
    (
        "nested functional models",
        "import keras
from keras import layers
i = keras.Input((28, 28, 1))
body = keras.Model(i, layers.MaxPooling2D()(layers.Conv2D(8, 3, activation='relu')(i)))
j = keras.Input((28, 28, 1))
m = keras.Model(j, layers.Dense(10, activation='softmax')(layers.Flatten()(body(j))))",
    ),
    (
        "Keras 1",
        "from keras.models import Sequential
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.layers.core import Dense, Flatten
m = Sequential()
m.add(Convolution2D(8, 3, 3, activation='relu', border_mode='valid', input_shape=(28, 28, 1), init='glorot_uniform', dim_ordering='tf'))
m.add(MaxPooling2D(pool_size=(2, 2), border_mode='valid'))
m.add(Flatten())
m.add(Dense(output_dim=10, activation='softmax'))",
    ),
    (
        "a strategy, a try, types",
        "import tensorflow as tf
strategy = tf.distribute.MirroredStrategy()
try:
    gpus = tf.config.list_physical_devices('GPU')
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
except RuntimeError as e:
    print(e)
with strategy.scope():
    n: int = 8
    m: tf.keras.Model = tf.keras.Sequential()
    m.add(tf.keras.Input((28, 28, 1)))
    m.add(tf.keras.layers.Conv2D(n, 3, activation='relu'))
    m.add(tf.keras.layers.MaxPooling2D())
    m.add(tf.keras.layers.Flatten())
    m.add(tf.keras.layers.Dense(10, activation='softmax'))",
    ),
    (
        "an image's axis by a layer",
        "import keras
m = keras.Sequential([
    keras.layers.Reshape((28, 28, 1), input_shape=(784,)),
    keras.layers.Conv2D(8, 3, activation='relu'), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
    keras.layers.Dense(10, activation='softmax')])",
    ),
    (
        "an image without a channel",
        "import keras
m = keras.Sequential([
    keras.Input((28, 28)), keras.layers.Reshape((28, 28, 1)),
    keras.layers.Conv2D(8, 3, activation='relu'), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
    keras.layers.Dense(10, activation='softmax')])",
    ),
    (
        "scaled by a layer",
        "import keras
from keras import layers
from keras.datasets import fashion_mnist
(a, b), _ = fashion_mnist.load_data()
m = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Rescaling(1. / 255),
    layers.Conv2D(8, 3, activation='relu'), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10, activation='softmax')])
m.compile('adam', 'sparse_categorical_crossentropy')
m.fit(a[..., None], b)",
    ),
    (
        "tf.data",
        "import tensorflow as tf
(a, b), (c, d) = tf.keras.datasets.fashion_mnist.load_data()
def prepare(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return tf.expand_dims(image, -1), label
train = tf.data.Dataset.from_tensor_slices((a, b)).map(prepare).cache().shuffle(1000).batch(32).prefetch(tf.data.AUTOTUNE)
m = tf.keras.Sequential([
    tf.keras.layers.Conv2D(8, 3, activation='relu'), tf.keras.layers.MaxPooling2D(), tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(10, activation='softmax')])
m.compile(loss='sparse_categorical_crossentropy', optimizer='adam')
m.fit(train, epochs=1)",
    ),
    (
        "a class for settings, f-strings, a walrus, a while",
        "import keras
from keras import layers
m = keras.Sequential(name='net')
m.add(keras.Input((28, 28, 1)))
i = 0
while (i := i + 1) < 2:
    m.add(layers.Conv2D(2 ** 3, 3, activation='relu', name=f'conv{i}'))
m.add(layers.MaxPooling2D(name='pool_%d' % i))
m.add(layers.Flatten(name='flat{}'.format(i)))
m.add(layers.Dense(int('10'), activation='soft' + 'max'))",
    ),
    (
        "an activation's object, None, a ternary",
        "import keras
from keras.layers import *
deep = None
relu = keras.activations.get
m = keras.Sequential([Input(shape=[28, 28, 1]), Conv2D(8 if not deep else 16, 3, activation=keras.activations.relu),
    MaxPooling2D(strides=None), Flatten(), Dense(max(3, 10), activation=keras.activations.softmax)])",
    ),
    (
        "Colab's first lines",
        "!pip install -q tensorflow
%load_ext tensorboard
from google.colab import drive
drive.mount('/content/drive')
import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'
import tensorflow as tf
tf.random.set_seed(1)
from tensorflow.keras import Sequential, layers
m = Sequential([layers.Input((28, 28, 1)), layers.Conv2D(8, 3, activation='relu'), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10, 'softmax')])
m.summary()",
    ),
    (
        "several models, of which one is trained",
        "import keras
from keras import layers
def net(n):
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(n, 3, activation='relu'), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10, 'softmax')])
models = [net(n) for n in (4, 8)]
best = models[-1]
best.compile('adam', 'sparse_categorical_crossentropy')
other = net(99)",
    ),
    (
        "lambdas and zip",
        "import keras
from keras.layers import *
conv = lambda n, k=3: Conv2D(n, k, activation='relu')
stack = lambda layers, x: stack(layers[1:], layers[0](x)) if layers else x
i = Input((28, 28, 1))
o = stack([conv(n) for n, _ in zip([8, 9], [0])] + [MaxPooling2D(), Flatten(), Dense(10, 'softmax')], i)
m = keras.Model(i, o)",
    ),
    (
        "a dictionary of settings, and keyword arguments passed on",
        "import keras
config = {'conv': {'filters': 8, 'kernel_size': [3, 3]}, 'classes': 10}
def conv(**options):
    return keras.layers.Conv2D(**{'activation': 'relu', **options})
def net(*parts, shape):
    return keras.Sequential([keras.Input(shape), *parts])
m = net(conv(**config['conv']), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
        keras.layers.Dense(config.get('classes', 3), activation='softmax'), shape=(28,) * 2 + (1,))",
    ),
    (
        "tf_keras and a branch on a condition that does not matter",
        "import tf_keras as keras
import sys
if len(sys.argv) > 1:
    verbose = True
m = keras.Sequential([keras.layers.Conv2D(8, 3, activation='relu', input_shape=(28, 28, 1)), keras.layers.MaxPooling2D(),
    keras.layers.Flatten(), keras.layers.Dense(10, activation='softmax')])",
    ),
];

#[test]
fn one_network_in_many_styles() {
    let expected = json!([
        {"type": "conv2d", "filters": 8, "kernel_size": 3, "activation": "relu"},
        {"type": "max_pooling2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"},
    ]);
    for (style, text) in STYLES {
        let imported = read("code.py", text.as_bytes(), None).unwrap_or_else(|error| panic!("{style}: {error}"));
        assert_eq!(imported.unsupported, [], "{style}");
        let mut layers = serde_json::to_value(&imported.experiment.layers).unwrap();
        layers
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|layer| drop(layer.as_object_mut().unwrap().shift_remove("name")));
        assert_eq!(layers, expected, "{style}");
        assert_eq!(imported.experiment.input_shape, [28, 28, 1], "{style}");
    }
}

/// A network with this optimizer and call of `fit`.
fn trained(optimizer: &str, fit: &str) -> String {
    format!(
        "import numpy as np, keras
from keras import layers, optimizers
from keras.callbacks import *
(x, y), (x_test, y_test) = keras.datasets.cifar10.load_data()
x, x_test = x / 255, x_test / 255
m = keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), layers.Dense(10, 'softmax')])
m.compile({optimizer}, 'sparse_categorical_crossentropy')
m.fit({fit})
"
    )
}

#[test]
fn optimizers_and_schedules() {
    let adam = json!({"type": "adam", "learning_rate": 0.001});
    for (text, optimizer, schedule) in [
        ("'ADAM'", adam.clone(), Value::Null),
        ("'rmsprop'", json!({"type": "rmsprop", "learning_rate": 0.001}), Value::Null),
        ("optimizers.Adam", adam.clone(), Value::Null),
        ("optimizers.Adam(beta_1=0.9, epsilon=None, amsgrad=False, name='a')", adam, Value::Null),
        (
            "optimizers.SGD(0.1, 0.9, True)",
            json!({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": true}),
            Value::Null,
        ),
        (
            "optimizers.legacy.SGD(lr=0.1, clipnorm=1.0)",
            json!({"type": "sgd", "learning_rate": 0.1, "clipnorm": 1.0}),
            Value::Null,
        ),
        (
            "optimizers.AdamW(1e-3, 0.01)",
            json!({"type": "adamw", "learning_rate": 0.001, "weight_decay": 0.01}),
            Value::Null,
        ),
        (
            "optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 1000, 0.9, staircase=True))",
            json!({"type": "sgd", "learning_rate": 0.1}),
            json!({"type": "exponential_decay", "decay_steps": 1000, "decay_rate": 0.9, "staircase": true}),
        ),
        (
            "optimizers.SGD(learning_rate=optimizers.schedules.CosineDecay(0.1, decay_steps=10 * 1563, alpha=0.0))",
            json!({"type": "sgd", "learning_rate": 0.1}),
            json!({"type": "cosine_decay", "decay_steps": 15630}),
        ),
        (
            "optimizers.SGD(lr=0.01, decay=1e-6)",
            json!({"type": "sgd", "learning_rate": 0.01}),
            json!({"type": "inverse_time_decay", "decay_rate": 1e-6, "decay_steps": 1}),
        ),
    ] {
        let experiment = code(&trained(text, "x, y"));
        assert_eq!(serde_json::to_value(&experiment.optimizer).unwrap(), optimizer, "{text}");
        let schedule: Option<Schedule> = serde_json::from_value(schedule).unwrap();
        assert_eq!(experiment.learning_rate_schedule, schedule, "{text}");
    }
}

#[test]
fn data_and_its_division() {
    for (text, dataset) in [
        ("x, y", json!({"name": "cifar10"})),
        ("x, y, validation_split=0.1", json!({"name": "cifar10", "validation": {"split": 0.1}})),
        ("x, y, validation_data=(x_test, y_test)", json!({"name": "cifar10", "validation": "test"})),
        ("x[:5000], y[:5000]", json!({"name": "cifar10", "limit": {"train": 5000}})),
        (
            "x[:-10000], y[:-10000], validation_data=(x[-10000:], y[-10000:])",
            json!({"name": "cifar10", "validation": {"split": 0.2}}),
        ),
        (
            "x[:8000], y[:8000], validation_data=(x[8000:10000], y[8000:10000])",
            json!({"name": "cifar10", "validation": {"split": 0.2}, "limit": {"train": 10000}}),
        ),
        (
            "x, y, validation_data=(x_test[:1000], y_test[:1000])",
            json!({"name": "cifar10", "validation": "test", "limit": {"test": 1000}}),
        ),
        ("np.array(x), y.reshape(-1), batch_size=None, verbose=1", json!({"name": "cifar10"})),
    ] {
        let experiment = code(&trained("'adam'", text));
        let mut found = serde_json::to_value(&experiment.dataset).unwrap();
        if let Some(limit) = found.get_mut("limit").and_then(Value::as_object_mut) {
            limit.retain(|_, value| !value.is_null());
        }
        assert_eq!(found, dataset, "{text}");
        assert_eq!((experiment.batch_size, experiment.epochs.count()), (32, 1));
    }
}

#[test]
fn callbacks_of_a_training() {
    let fit = "x, y, 64, 12, validation_split=0.2, callbacks=[
        EarlyStopping('val_acc', patience=3, restore_best_weights=True, verbose=1, mode='max'),
        ReduceLROnPlateau(factor=0.5, patience=2, min_lr=1e-5), ModelCheckpoint('best.h5', save_best_only=True),
        TensorBoard('logs'), CSVLogger('log.csv')]";
    let experiment = serde_json::to_value(code(&trained("'adam'", fit))).unwrap();
    assert_eq!(experiment["early_stopping"]["monitor"], "val_accuracy");
    assert_eq!(experiment["early_stopping"]["patience"], 3);
    assert_eq!(experiment["early_stopping"]["restore_best_weights"], true);
    let schedule = &experiment["learning_rate_schedule"];
    assert_eq!((&schedule["type"], &schedule["factor"]), (&json!("reduce_on_plateau"), &json!(0.5)));
    assert_eq!((&schedule["patience"], &schedule["min_learning_rate"]), (&json!(2), &json!(1e-5)));
    assert_eq!(experiment["model_checkpoint"]["monitor"], "val_loss");
    assert_eq!((&experiment["batch_size"], &experiment["epochs"]), (&json!(64), &json!(12)));
    let text = trained("'adam'", "x, y, epochs=30, callbacks=[LearningRateScheduler(f)]");
    let function = "def f(epoch, lr):\n    if epoch > 0 and epoch % 10 == 0:\n        return lr * 0.5\n    return lr\n";
    let experiment = serde_json::to_value(code(&(function.to_string() + &text))).unwrap();
    assert_eq!(experiment["learning_rate_schedule"], json!({"type": "step_decay", "step_size": 10.0, "gamma": 0.5}));
}

#[test]
fn random_changes_are_augmentation() {
    let text = "import keras
from keras import layers
augment = keras.Sequential([layers.RandomFlip('horizontal', input_shape=(32, 32, 3)), layers.RandomRotation((-0.1, 0.1)), layers.RandomZoom(0.2)])
m = keras.Sequential([augment, layers.Flatten(), layers.Dense(10, 'softmax')])";
    let experiment = serde_json::to_value(code(text)).unwrap();
    let kinds: Vec<&Value> =
        experiment["augmentation"].as_array().unwrap().iter().map(|change| &change["type"]).collect();
    assert_eq!(kinds, ["random_flip", "random_rotation", "random_zoom"]);
    assert_eq!(
        (&experiment["augmentation"][1]["factor"], &experiment["input_shape"]),
        (&json!(0.1), &json!([32, 32, 3]))
    );
    let colors = text.replace(
        "layers.RandomZoom(0.2)",
        "layers.RandomBrightness(0.2, value_range=(0, 1)), layers.RandomContrast([0.1, 0.3]), layers.RandomHue(factor=0.1)",
    );
    let experiment = serde_json::to_value(code(&colors)).unwrap();
    let jitter = json!({"type": "random_color_jitter", "brightness_factor": [-0.2, 0.2], "contrast_factor": [0.1, 0.3],
                        "saturation_factor": [0.5, 0.5], "hue_factor": [0.0, 0.1]});
    assert_eq!(experiment["augmentation"][2], jitter);
    let text = "from keras.preprocessing.image import ImageDataGenerator\n".to_string()
        + &trained("'adam'", "g.flow(x, y, batch_size=64), steps_per_epoch=len(x) // 64, epochs=5").replace(
            "m.fit",
            "g = ImageDataGenerator(width_shift_range=0.1, height_shift_range=0.1, horizontal_flip=True)\ng.fit(x)\nm.fit",
        );
    let experiment = serde_json::to_value(code(&text)).unwrap();
    assert_eq!(experiment["augmentation"][0]["type"], "random_translation");
    assert_eq!(experiment["augmentation"][1]["type"], "random_flip");
    assert_eq!((&experiment["batch_size"], &experiment["epochs"]), (&json!(64), &json!(5)));
}

#[test]
fn flat_pixels_become_images() {
    let text = "from keras.datasets import mnist
from keras import models, layers
from keras.utils import to_categorical
(train_images, train_labels), (test_images, test_labels) = mnist.load_data()
network = models.Sequential()
network.add(layers.Dense(512, activation='relu', input_shape=(28 * 28,)))
network.add(layers.Dense(10, activation='softmax'))
network.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
train_images = train_images.reshape((60000, 28 * 28))
train_images = train_images.astype('float32') / 255
train_labels = to_categorical(train_labels)
network.fit(train_images, train_labels, epochs=5, batch_size=128)";
    let experiment = code(text);
    assert_eq!(experiment.input_shape, [28, 28, 1]);
    assert_eq!(experiment.layers[0]["type"], "flatten");
    assert_eq!(serde_json::to_value(experiment.loss).unwrap(), "categorical_crossentropy");
}

#[test]
fn what_changes_the_result_is_not_passed_over() {
    let net = |layers: &str| {
        format!("from keras import *\nfrom keras.layers import *\nm = Sequential([Input((28, 28, 1)),\n{layers}])\n")
    };
    for (text, wanted) in [
        (net("Lambda(lambda x: x * 2), Flatten(), Dense(10, 'softmax')"), "line 4: Lambda"),
        (net("Rescaling(2., offset=-1.), Flatten(), Dense(10, 'softmax')"), "line 4: Rescaling"),
        (net("Flatten(),\nDense(10, 'softmax', activity_regularizer='l2')"), "line 5: Dense(activity_regularizer="),
        (net("Flatten(), Dense(units(), 'softmax')"), "line 4: Dense(units=units)"),
        (net("GRU(3), Flatten(), Dense(10, 'softmax')"), "line 4: GRU"),
        (trained("'adam'", "x, y, shuffle=False"), "line 8: fit(shuffle=False)"),
        (trained("'ftrl'", "x, y"), "line 7: ftrl"),
        (trained("optimizers.Adam(amsgrad=True)", "x, y"), "line 7: Adam(amsgrad=True)"),
        (trained("'adam'", "load(), labels"), "line 8: the data of fit: load"),
        (trained("'adam'", "x_test, y_test"), "line 8: fit on the test images"),
        (trained("'adam'", "(x - x.mean()) / x.std(), y"), "line 8: x - x.mean()"),
        (trained("'adam'", "x, y, callbacks=[MyCallback()]"), "line 8: a callback: MyCallback"),
        (trained("'adam'", "x, y, epochs=how_many()"), "line 8: fit(epochs=how_many)"),
        (
            trained("'adam'", "x, y, validation_data=(x_test * 2, y_test)"),
            "line 8: validation images that are not scaled",
        ),
        (
            trained("'adam'", "x, y").replace("'softmax'", "'linear'"),
            "line 7: the loss takes probabilities, but the last layer has no softmax",
        ),
        (trained("'adam'", "x, y").replace("'sparse_categorical_crossentropy'", "'mse'"), "line 7: mse"),
        (
            trained("'adam'", "x, y").replace("m.compile", "if random() > 0.5:\n    m.add(layers.Dense(3))\nm.compile"),
            "line 7: if random() > 0.5",
        ),
        (trained("'adam'", "x, y") + "m.fit(x, y)\n", "line 9: a second fit"),
    ] {
        let found = left_out(&text);
        assert!(found.iter().any(|part| part.starts_with(wanted)), "{wanted}: {found:?}\n{text}");
        assert_eq!(found.len(), 1, "{found:?}\n{text}");
    }
}
