//! Forms in which courses, books and blogs write Keras code: taken, or named at their line, never dropped.

use super::{code, left_out};
use convlab::import::read;
use serde_json::{Value, json};

/// Five lines of data.
const DATA: &str = "import keras, tensorflow as tf
from keras import layers
from keras.callbacks import EarlyStopping
(x, y), (xt, yt) = keras.datasets.cifar10.load_data()
x, xt = x / 255, xt / 255
";

const NETWORK: &str =
    "m = keras.Sequential([layers.Input((32, 32, 3)), layers.Flatten(), layers.Dense(10, 'softmax')])\n";

fn document(text: &str) -> Value {
    serde_json::to_value(code(text)).unwrap()
}

/// The layers of a functional network with these lines between its input and its classes.
fn layers(lines: &str) -> Value {
    let text = format!(
        "{DATA}i = layers.Input((8, 8, 4))\n{lines}\no = layers.Dense(10)(layers.Flatten()(h))\nm = keras.Model(i, o)"
    );
    document(&text)["layers"].clone()
}

#[test]
fn what_is_not_followed_is_named_at_its_line() {
    for (text, expected) in [
        (
            "opt = keras.optimizers.SGD(0.1)
for a, b in tf.data.Dataset.from_tensor_slices((x, y)).batch(64):
    with tf.GradientTape() as tape:
        loss = keras.losses.sparse_categorical_crossentropy(b, m(a))
    opt.apply_gradients(zip(tape.gradient(loss, m.weights), m.weights))",
            "line 8: for … in",
        ),
        ("keras.mixed_precision.set_global_policy('mixed_float16')", "line 7: set_global_policy"),
        ("base = keras.applications.VGG16(include_top=False)", "line 7: VGG16: a ready-made network"),
        ("old = keras.models.load_model('x.h5')", "line 7: load_model"),
        (
            "m.compile('adam', 'sparse_categorical_crossentropy')
m.fit(x, y, validation_split=0.1, callbacks=[EarlyStopping(patience=3, baseline=0.4)])",
            "line 8: EarlyStopping(baseline=0.4)",
        ),
    ] {
        let found = left_out(&format!("{DATA}{NETWORK}{text}"));
        assert!(found.iter().any(|line| line.starts_with(expected)), "{text}: {found:?}");
    }
    let whole = read("code.py", format!("{DATA}{NETWORK}m.compile('adam', 'sparse_categorical_crossentropy')\nm.fit(x, y, validation_split=0.1, callbacks=[EarlyStopping(patience=3, baseline=0.4)])").as_bytes(), None).unwrap();
    assert_eq!(serde_json::to_value(&whole.experiment).unwrap()["early_stopping"]["patience"], 3);
    let top = left_out(&format!("{DATA}m = keras.Sequential([keras.applications.VGG16(), layers.Dense(10)])"));
    assert!(top[0].starts_with("line 6: VGG16: a ready-made network"), "{top:?}");
    let text = "from keras import layers, models\nclass Net:\n    @staticmethod\n    def build(n):\n        return models.Sequential([layers.Dense(n)])\nm = Net.build(10)";
    let error = read("code.py", text.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("line 2: Net: methods of classes of your own"), "{error}");
}

#[test]
fn constants_of_functions_are_kept() {
    assert_eq!(layers("h = tf.nn.leaky_relu(i, 0.05)")[0], json!({"type": "leaky_relu", "negative_slope": 0.05}));
    assert_eq!(layers("h = keras.activations.leaky_relu(i, negative_slope=0.1)")[0]["negative_slope"], 0.1);
    assert_eq!(layers("h = keras.activations.elu(i, 0.5)")[0], json!({"type": "elu", "alpha": 0.5}));
    assert_eq!(layers("h = tf.nn.relu(i)")[0], json!({"type": "activation", "activation": "relu"}));
    let two = "a = layers.Conv2D(4, 1)(i)\nb = layers.Conv2D(4, 1)(i)\nh = layers.concatenate([a, b], 1)";
    assert_eq!(layers(two)[2]["axis"], 1);
}

#[test]
fn the_usual_ways_of_writing_are_read() {
    let stars = "from keras.layers import *
from keras.models import *
from keras.regularizers import *
from keras.utils import *
from math import *
from numpy import *
m = Sequential([Input((8, 8, 1)), Conv2D(2, 3, padding='Same'), MaxPool2D(), Flatten(), Dense(10)])";
    let layers = document(stars)["layers"].clone();
    assert_eq!(layers.as_array().unwrap().len(), 4);
    assert_eq!(layers[0]["padding"], "same");
    let column =
        format!("{DATA}{NETWORK}m.compile('adam', 'sparse_categorical_crossentropy')\nm.fit(x, y[:, 0], epochs=3)");
    assert_eq!(document(&column)["epochs"], 3);
    let cell = |source: &str| json!({"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": null});
    let text = format!("{DATA}{NETWORK}m.compile('adam', 'sparse_categorical_crossentropy')");
    let cells = [cell(&text), cell("%time history = m.fit(x, y, epochs=7)"), cell("%run more.py")];
    let notebook = json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).to_string();
    let imported = read("n.ipynb", notebook.as_bytes(), None).unwrap();
    assert_eq!(serde_json::to_value(&imported.experiment).unwrap()["epochs"], 7);
    let [more] = &imported.unsupported[..] else { panic!("{:?}", imported.unsupported) };
    assert_eq!((&*more.place, &*more.what), ("cell 3, line 1", "%run more.py"));
}

#[test]
fn generators_of_training_and_validation_are_compared() {
    let text = |more: &str| {
        format!(
            "{}from keras.preprocessing.image import ImageDataGenerator
{NETWORK}m.compile('adam', 'sparse_categorical_crossentropy')
t = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
v = ImageDataGenerator(rescale=1 / 255{more})
m.fit(t.flow(x, y, batch_size=64), validation_data=v.flow(xt, yt), epochs=2)",
            DATA.replace("x, xt = x / 255, xt / 255\n", "")
        )
    };
    assert_eq!(document(&text(""))["dataset"]["validation"], "test");
    let found = left_out(&text(", horizontal_flip=True"));
    assert!(found.iter().any(|line| line.contains("validation images that are changed at random")), "{found:?}");
}
