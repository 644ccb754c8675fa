//! Code whose effect is followed, or else named at its line: what is set, changed, raised or trained.

use super::{code, left_out};
use convlab::import::read;
use serde_json::{Value, json};

/// Four lines of data.
const DATA: &str = "import keras, random, numpy as np
from keras import layers
(x, y), (xt, yt) = keras.datasets.mnist.load_data()
x, xt = x[..., None] / 255, xt[..., None] / 255
";

/// Line 5: a network, compiled.
const NETWORK: &str =
    "m = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, 'softmax')]); m.compile('adam', 'sparse_categorical_crossentropy')
";

fn document(text: &str) -> Value {
    serde_json::to_value(code(text)).unwrap()
}

/// The units of the dense layers before the last one, of code that makes a list `units`.
fn units(text: &str) -> Value {
    let network = "
m = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten()])
for n in units:
    m.add(layers.Dense(n))
m.add(layers.Dense(10))";
    let document = document(&format!("{DATA}{text}{network}"));
    let layers = document["layers"].as_array().unwrap();
    layers[1..layers.len() - 1].iter().map(|layer| layer["units"].clone()).collect::<Vec<_>>().into()
}

/// That code after the network is followed with nothing left out but what each line says.
fn check_notes(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let found = left_out(&format!("{DATA}{NETWORK}{text}"));
        assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
        for (found, expected) in found.iter().zip(*expected) {
            assert!(found.contains(expected), "{text}: {found}");
        }
    }
}

#[test]
fn lists_and_dictionaries_change_as_in_python() {
    for (text, expected) in [
        ("units = [1, 2, 3]; units.insert(-1, 9)", json!([1, 2, 9, 3])),
        ("units = [1, 2, 3]; units.pop(0); units.remove(3)", json!([2])),
        ("units = [3, 1, 2]; units.sort(); units.reverse()", json!([3, 2, 1])),
        ("units = [3, 1, 2]; units.sort(key=lambda n: -n)", json!([3, 2, 1])),
        ("units = [1, 2, 3, 4]; del units[0]; del units[-1:]", json!([2, 3])),
        ("units = [1, 2, 3]; units[1:] = [7, 8, 9]", json!([1, 7, 8, 9])),
        ("units = [1]; units.clear(); units += [5]", json!([5])),
        ("d = {'a': 1}; d.update(b=2); d.update({'a': 3}); units = list(d.values())", json!([3, 2])),
        ("d = {'a': 1, 'b': 2}; units = [d.pop('a')]; d.setdefault('c', 4); units += d.values()", json!([1, 2, 4])),
        ("d = {'a': 1, 'b': 2}; del d['a']; units = list(d.values())", json!([2])),
        ("units = [len(n) for n in sorted(['ccc', 'a', 'bb'])]", json!([1, 2, 3])),
        ("units = sorted([1, 2, 3], key=lambda n: (n % 2, n), reverse=True)", json!([3, 1, 2])),
        ("units = [max(['a', 'bbb'], key=len), 'x']; units = [len(n) for n in units]", json!([3, 1])),
        ("units = [sum([1, 2], 10), max(3, 4)]", json!([13, 4])),
        ("units = [len({4, 4, 5}), len(set([1, 1]))]", json!([2, 1])),
        ("units = list(map(lambda n: n * 2, [1, 2])) + list(filter(lambda n: n > 1, [1, 2]))", json!([2, 4, 2])),
        ("units = []\nlist(map(lambda n: units.append(n), [6, 7]))", json!([6, 7])),
        (
            "def outer():
    n = 1
    def inner():
        nonlocal n
        n = 8
    inner()
    return [n]
units = outer()",
            json!([8]),
        ),
    ] {
        assert_eq!(units(text), expected, "{text}");
    }
}

#[test]
fn effects_that_are_not_known_are_named() {
    check_notes(&[
        ("a = [1, 2]; a.rotate(1)", &["line 6: a.rotate(1)"]),
        ("m.add_loss(1.0)", &["line 6: m.add_loss"]),
        ("m.layers[1].set_weights([1])", &["line 6: m.layers[1].set_weights"]),
        ("m.layers.pop()", &["line 6: m.layers.pop()"]),
        ("m.layers[1].activation = None", &["line 6: Dense.activation = None"]),
        ("m.stop_training = True", &["line 6: model.stop_training"]),
        ("x[0] = 0", &["line 6: x[0] = …"]),
        ("np.random.shuffle(x)", &["line 6: np.random.shuffle(x)"]),
        ("raise ValueError('no')", &["line 6: raise ValueError"]),
        ("keras.backend.set_image_data_format('channels_first')", &["line 6: set_image_data_format"]),
        ("m.summary(); m.evaluate(xt, yt); print([1].index(1))", &[]),
        ("m.load_weights('w.h5'); m.fit(x, y)", &["line 6: load_weights"]),
        ("m.fit(x, y); m.load_weights('w.h5')", &[]),
    ]);
}

#[test]
fn what_an_open_condition_changes_is_unknown() {
    check_notes(&[
        ("sizes = [3]\nif random.random() > 0.5:\n    sizes.append(2)\nm.fit(x, y, epochs=sizes[0])", &["fit(epochs="]),
        (
            "c = {'epochs': 3}\nif random.random() > 0.5:\n    c['epochs'] = 2\nm.fit(x, y, epochs=c['epochs'])",
            &["fit(epochs="],
        ),
        ("def f():\n    m.pop()\nif random.random() > 0.5:\n    f()", &["line 8: if random.random() > 0.5"]),
        ("if random.random() > 0.5:\n    m.layers[1].trainable = False", &["line 6: if random"]),
        ("def f():\n    print(1)\nif random.random() > 0.5:\n    f()\nm.fit(x, y)", &[]),
        ("m.fit(x, y, epochs=random.randint(1, 5))", &["fit(epochs=random.randint()"]),
    ]);
}

#[test]
fn the_model_is_taken_as_it_was_trained() {
    for later in ["m.compile('sgd', 'categorical_crossentropy')", "m.pop()", "m.layers[1].name = 'd'"] {
        let document = document(&format!("{DATA}{NETWORK}m.fit(x, y, epochs=2)\n{later}"));
        assert_eq!(document["optimizer"]["type"], "adam", "{later}");
        assert_eq!(document["layers"].as_array().unwrap().len(), 2, "{later}");
    }
    let late = left_out(&format!("{DATA}{NETWORK}m.fit(x, y)\nm.layers[1].trainable = False"));
    assert!(late.len() == 1 && late[0].contains("after fit"), "{late:?}");
    let second = "m2 = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, 'softmax')])
m2.compile('adam', 'sparse_categorical_crossentropy')
m2.fit(x, y)";
    let others = left_out(&format!("{DATA}{NETWORK}m.fit(x, y)\n{second}"));
    assert_eq!(others, ["line 6: another model that is trained; the last one is taken"]);
}

#[test]
fn a_clone_is_a_model_of_its_own() {
    let clone =
        "c = keras.models.clone_model(m)\nm.pop()\nc.compile('sgd', 'sparse_categorical_crossentropy')\nc.fit(x, y)";
    let document = document(&format!("{DATA}{NETWORK}{clone}"));
    assert_eq!(document["optimizer"]["type"], "sgd");
    assert_eq!(document["layers"].as_array().unwrap().len(), 2);

    let sequential = "b = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(8)])";
    let functional = "j = keras.Input((28, 28, 1)); b = keras.Model(j, layers.Dense(8)(layers.Flatten()(j)))";
    for base in [sequential, functional] {
        let beside = |other: &str| {
            format!(
                "{DATA}{base}
i = keras.Input((28, 28, 1))
m = keras.Model(i, layers.Dense(10, 'softmax')(layers.Add()([b(i), {other}(i)])))
m.compile('adam', 'sparse_categorical_crossentropy'); m.fit(x, y)"
            )
        };
        let shared = left_out(&beside("b"));
        assert!(shared.iter().any(|what| what.contains("used twice, with the same weights")), "{shared:?}");
        let layers = serde_json::to_value(code(&beside("keras.models.clone_model(b)"))).unwrap();
        let dense = layers["layers"].as_array().unwrap().iter().filter(|layer| layer["units"] == 8).count();
        assert_eq!(dense, 2, "{base}");
    }
    check_notes(&[(
        "c = keras.models.clone_model(m, clone_function=lambda one: one)",
        &["clone_model(clone_function)"],
    )]);
}

#[test]
fn cross_validation_is_named_with_what_to_do() {
    let folds = "from sklearn.model_selection import KFold\nfor a, b in KFold(5).split(x):\n    m.fit(x[a], y[a])";
    check_notes(&[(
        folds,
        &[
            "line 7: for … in KFold(5).split(x)",
            "line 7: KFold trains a model on each fold, but one training is imported (build and fit",
        ],
    )]);
    let scored = "from sklearn.model_selection import cross_val_score
import keras
def build():
    return keras.Sequential([keras.layers.Dense(10)])
cross_val_score(build, 1, 2)";
    let error = read("code.py", scored.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("line 5: cross_val_score trains a model on each fold"), "{error}");
}

#[test]
fn rates_that_are_set_afterwards_count() {
    for line in [
        "m.optimizer.learning_rate = 0.05",
        "m.optimizer.lr = 0.05",
        "m.optimizer.learning_rate.assign(0.05)",
        "keras.backend.set_value(m.optimizer.learning_rate, 0.05)",
        "o = keras.optimizers.SGD(0.1); o.learning_rate = 0.05; m.compile(o, 'sparse_categorical_crossentropy')",
    ] {
        let document = document(&format!("{DATA}{NETWORK}{line}\nm.fit(x, y)"));
        assert_eq!(document["optimizer"]["learning_rate"], 0.05, "{line}");
    }
    check_notes(&[
        ("m.optimizer.beta_1 = 0.5", &["line 6: adam.beta_1 = 0.5"]),
        ("m.fit(x, y)\nm.optimizer.learning_rate = 0.5", &["line 7: adam.learning_rate = 0.5 after fit"]),
    ]);
}

#[test]
fn data_is_divided_as_the_code_says_or_named() {
    check_notes(&[
        ("m.fit(x, yt)", &["labels that are not those of the images"]),
        ("m.fit(x[:1000], y[:999])", &["labels that are not those of the images"]),
        ("m.fit(x, y, validation_data=(xt, y))", &["labels that are not those of the images"]),
        (
            "m.fit(x, y, validation_data=(xt[:5000], yt[:5000])); m.evaluate(xt[5000:], yt[5000:])",
            &["a part of the test images for validation"],
        ),
        ("m.fit(x, y, 32, 2, 1, None, 0.1, None, True, {0: 2.0})", &[]),
        ("m.fit(x, y, validation_data=(xt, yt), validation_steps=5)", &["fit(validation_steps=5)"]),
        ("m.fit(x, y, validation_data=(xt, yt), validation_steps=len(xt) // 32)", &[]),
    ]);
    let weighted = document(&format!("{DATA}{NETWORK}m.fit(x, y, 32, 2, 1, None, 0.1, None, True, {{0: 2.0}})"));
    assert_eq!(weighted["class_weight"], json!({"0": 2.0}));
    let dataset = |size| {
        format!(
            "import tensorflow as tf\n{DATA}{NETWORK}m.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch({size}, drop_remainder=True))"
        )
    };
    assert_eq!(left_out(&dataset(100)), [""; 0]);
    assert!(left_out(&dataset(128))[0].contains("drop_remainder"));
}

#[test]
fn callbacks_are_honoured_or_named() {
    check_notes(&[
        (
            "m.fit(x, y, validation_split=.1, callbacks=[keras.callbacks.EarlyStopping(), keras.callbacks.EarlyStopping('loss')])",
            &["EarlyStopping: a second one"],
        ),
        (
            "m.fit(x, y, validation_split=.1, callbacks=[keras.callbacks.EarlyStopping('val_accuracy', mode='min')])",
            &["EarlyStopping(mode=\"min\")"],
        ),
        (
            "m.fit(x, y, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda e, l: m.optimizer.learning_rate.assign(1))])",
            &["LambdaCallback"],
        ),
        ("m.fit(x, y, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda e, l: print(e))])", &[]),
        (
            "m.fit(x, y, epochs=400, callbacks=[keras.callbacks.LearningRateScheduler(lambda e: 0.1 * 0.5 ** (e // 100))])",
            &["rates of later epochs than the first 300"],
        ),
    ]);
    let best =
        "m.fit(x, y, validation_split=.1, callbacks=[keras.callbacks.ModelCheckpoint('f', 'val_loss', 1, True)])";
    assert!(document(&format!("{DATA}{NETWORK}{best}")).get("model_checkpoint").is_some());
}

#[test]
fn options_without_a_counterpart_are_named() {
    let layer = |layer: &str| {
        format!("{DATA}m = keras.Sequential([layers.Input((28, 28, 1)), {layer}, layers.Flatten(), layers.Dense(10)])")
    };
    for (text, expected) in [
        ("layers.Dropout(0.2, noise_shape=(1, 28, 1))", "Dropout(noise_shape="),
        ("layers.RandomRotation(0.1, fill_mode='constant', fill_value=1.0)", "RandomRotation(fill_value=1.0)"),
        ("layers.RandomRotation(0.1, interpolation='nearest')", "RandomRotation(interpolation=\"nearest\")"),
    ] {
        let found = left_out(&layer(text));
        assert!(found.len() == 1 && found[0].contains(expected), "{text}: {found:?}");
    }
    for (text, expected) in [
        ("SparseCategoricalCrossentropy(ignore_class=3)", "(ignore_class=3)"),
        ("SparseCategoricalCrossentropy(reduction='sum')", "(reduction=\"sum\")"),
    ] {
        let found = left_out(&format!("{DATA}{NETWORK}m.compile('adam', keras.losses.{text})"));
        assert!(found.len() == 1 && found[0].contains(expected), "{text}: {found:?}");
    }
    check_notes(&[(
        "from keras.preprocessing.image import ImageDataGenerator
m.fit(ImageDataGenerator(rotation_range=10, fill_mode='constant', cval=255.).flow(x, y))",
        &["ImageDataGenerator(cval=255.0)"],
    )]);
}

#[test]
fn shapes_of_outputs_are_known() {
    let document = document(
        "from tensorflow.keras import backend as K, layers, Input, Model
def block(x, filters, strides=1):
    y = layers.Conv2D(filters, 3, strides=strides, padding='same')(x)
    if strides != 1 or x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, strides=strides)(x)
    return layers.ReLU()(layers.add([x, y]))
i = Input((32, 32, 3))
h = block(block(i, 16), 16)
h = layers.Conv2D(2 * K.int_shape(h)[-1], h.shape[1] // 16)(h)
m = Model(i, layers.Dense(10)(layers.GlobalAveragePooling2D()(h)))",
    );
    let convolutions = document["layers"].as_array().unwrap().iter().filter(|layer| layer["type"] == "conv2d");
    let filters: Vec<i64> = convolutions.map(|layer| layer["filters"].as_i64().unwrap()).collect();
    assert_eq!(filters, [16, 16, 16, 32]);
}

#[test]
fn layers_that_do_not_fit_are_named_at_their_line() {
    let text = "from keras import layers, Sequential
m = Sequential()
m.add(layers.Input((28, 28, 1)))
m.add(layers.Conv2D(8, 3))
m.add(layers.Dense(10))";
    let imported = read("code.py", text.as_bytes(), None).unwrap();
    assert_eq!(imported.experiment.layers.len(), 2);
    let [only] = &imported.unsupported[..] else { panic!("{:?}", imported.unsupported) };
    assert!(only.place == "line 5" && only.what.contains("flat input"), "{only:?}");
}

#[test]
fn frozen_layers_stay_frozen() {
    let network = "from keras import layers, Sequential
m = Sequential([layers.Input((28, 28, 1)), layers.Conv2D(8, 3, trainable=False), layers.Flatten(), layers.Dense(10)])
m.layers[-1].trainable = False";
    let document = document(network);
    assert_eq!(document["layers"][0]["trainable"], false);
    assert_eq!(document["layers"][2]["trainable"], false);
    let call = "from keras import layers, Input, Model
i = Input((28, 28, 1))
h = layers.Dropout(0.5)(i, training=True)
m = Model(i, layers.Dense(10)(layers.Flatten()(h)))";
    assert_eq!(left_out(call), ["line 3: training=True"]);
}
