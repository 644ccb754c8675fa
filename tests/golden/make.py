"""Writes the golden values: small networks trained by Keras 3 (TensorFlow, CPU) from given weights, without shuffling.

    pip install tensorflow-cpu keras torch numpy safetensors
    python tests/golden/make.py [ID …]

Writes `weights.safetensors` (initial), `expected.json` and `final.safetensors` for each folder with an `experiment.json`.
Each network is trained twice, in f32 (the golden values) and in f64. The difference of the two runs shows how much two correct
programs can differ by rounding alone. A network whose accuracies depend on rounding is rejected.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import json
import sys
import zlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

import images
import spec as interpreter

HERE = Path(__file__).parent


def initial_weights(model, name):
    """Random values of a suitable scale for all variables, including moving statistics. The seed is the network's name."""
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    weights = {}
    for variable in model.variables:
        layer, kind = variable.path.split("/")[-2:]
        shape = tuple(variable.shape)
        if kind.endswith("kernel"):
            depthwise = "depthwise" in type(model.get_layer(layer)).__name__.lower() or kind == "depthwise_kernel"
            fan_in = np.prod(shape[:2]) if depthwise else np.prod(shape[:-1])
            bound = np.sqrt(4.5 / fan_in)
            value = generator.uniform(-bound, bound, shape)
        elif kind in ("gamma", "moving_variance"):
            value = generator.uniform(0.7, 1.3, shape)
        else:
            value = generator.normal(0, 0.05, shape)
        weights[f"{layer}.{kind}"] = value.astype(np.float32)
    return weights | given(model)


def given(model):
    """Means and variances that stand in the document: constants to Keras."""
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Normalization)]
    values = lambda value: np.ravel(np.asarray(value)).astype(np.float32)
    return {f"{layer.name}.{kind}": values(getattr(layer, kind)) for layer in layers for kind in ("mean", "variance")}


def read_weights(model):
    return {".".join(v.path.split("/")[-2:]): np.asarray(v) for v in model.variables} | given(model)


def set_weights(model, weights):
    for variable in model.variables:
        variable.assign(weights[".".join(variable.path.split("/")[-2:])])


def targets(spec, y, classes):
    return y if spec["loss"].startswith("sparse") else np.eye(classes)[y]


def train(spec, weights, dtype):
    """Trains once; returns the content of expected.json, the initial and the final weights."""
    keras.backend.clear_session()
    keras.config.set_floatx(dtype)
    keras.utils.set_random_seed(1)
    (x, y), (x_test, y_test), classes = images.load(spec)
    x, x_test = x.astype(dtype), x_test.astype(dtype)
    t, t_test = targets(spec, y, classes), targets(spec, y_test, classes)
    model = interpreter.build_model(spec)
    weights = weights or initial_weights(model, spec["name"])
    set_weights(model, weights)
    fit = {}
    validation, size = spec["dataset"].get("validation"), spec["batch_size"]
    trained = len(x)
    if validation == "test":
        fit["validation_data"] = (x_test, t_test)
    elif validation:
        fit["validation_split"] = validation["split"]
        trained = int(np.floor(len(x) * (1.0 - validation["split"])))
    if "class_weight" in spec:
        fit["class_weight"] = {int(label): weight for label, weight in spec["class_weight"].items()}
    optimizer = interpreter.build_optimizer(spec, -(-trained // size))
    callbacks, rates = interpreter.build_callbacks(spec)
    model.compile(optimizer, interpreter.build_loss(spec), metrics=["accuracy"], jit_compile=False)
    history = model.fit(
        x, t, batch_size=size, epochs=spec["epochs"], shuffle=False, callbacks=callbacks, verbose=0, **fit
    ).history
    test_loss, test_accuracy = model.evaluate(x_test, t_test, batch_size=size, verbose=0)
    output = model.predict(x_test, batch_size=size, verbose=0)
    probabilities = output if interpreter.ends_in_softmax(spec) else tf.nn.softmax(output).numpy()
    confusion = np.zeros((classes, classes), int)
    np.add.at(confusion, (y_test, probabilities.argmax(1)), 1)
    kept = ("loss", "accuracy", "val_loss", "val_accuracy")
    expected = {
        "history": {k: [float(v) for v in history[k]] for k in kept if k in history},
        "learning_rate": rates.rates,
        "test_loss": float(test_loss),
        "test_accuracy": float(test_accuracy),
        "confusion": confusion.tolist(),
        "probabilities": probabilities[:3].astype(float).tolist(),
    }
    return expected, weights, read_weights(model)


def relative(a, b):
    return float(np.linalg.norm(a.astype(np.float64) - b) / max(np.linalg.norm(b), 1e-30))


def drift(single, double):
    """The relative difference of losses and final weights between the f32 and the f64 run."""
    (a, _, wa), (b, _, wb) = single, double
    losses = [(a["history"][k], b["history"][k]) for k in ("loss", "val_loss") if k in a["history"]]
    loss = max(abs(p - q) / q for ps, qs in losses for p, q in zip(ps, qs))
    return {"loss": max(loss, abs(a["test_loss"] / b["test_loss"] - 1)), "weights": max(relative(wa[k], wb[k]) for k in wa)}


def same_counts(a, b):
    """Whether two runs have the same accuracies in each epoch and the same confusion matrix."""
    keys = [k for k in a["history"] if k.endswith("accuracy")]
    epochs = all(np.allclose(a["history"][k], b["history"][k], rtol=0, atol=1e-6) for k in keys)
    return epochs and a["confusion"] == b["confusion"]


def make(folder):
    spec = json.loads((folder / "experiment.json").read_text())
    single = train(spec, None, "float32")
    double = train(spec, single[1], "float64")
    expected, weights, final = single
    if not same_counts(expected, double[0]):
        raise SystemExit(f"{folder.name}: accuracies depend on rounding; change the network or its name")
    expected = {
        "made_with": f"Keras {keras.__version__}, TensorFlow {tf.__version__}, float32, CPU",
        "data": images.folder_of(spec),
        **expected,
        "drift_from_float64": drift(single, double),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    save_file(weights, folder / "weights.safetensors")
    save_file(final, folder / "final.safetensors")
    moved = max(relative(final[k], weights[k]) for k in final)
    losses = " ".join(f"{v:.4f}" for v in expected["history"]["loss"])
    print(f"{folder.name:26} loss {losses}  test {expected['test_accuracy']:.3f}  moved {moved:.2g}  {expected['drift_from_float64']}")


def main():
    tf.config.experimental.enable_op_determinism()
    images.write_all()
    ids = sys.argv[1:] or sorted(p.parent.name for p in HERE.glob("*/experiment.json"))
    for name in ids:
        make(HERE / name)


if __name__ == "__main__":
    main()
