"""Runs exported scripts, and opens exported files, as a user would: `check.py FOLDER KIND`.

FOLDER contains a folder for each network with what was exported, weights.safetensors and images.npy. The results are written into the
same folder: KIND.jsonl (the output of `predict`, or a line of probabilities an image). For the scripts (keras, pytorch) also
KIND.safetensors (the weights after loading and saving) and, for Keras, counts.json (Keras's numbers of all and of trainable
parameters). A warning is an error.
"""

import contextlib
import importlib.util
import io
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np


def module(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def run(path, framework):
    script, folder, printed = module(path), path.parent, io.StringIO()
    with contextlib.redirect_stdout(printed):
        script.main(["predict", "--images", str(folder / "images.npy"), "--count", "100"])
    (folder / f"{framework}.jsonl").write_text(printed.getvalue())
    script.main(["copy", "--out", str(folder / f"{framework}.safetensors")])
    if framework == "keras":
        model = script.build()
        counts = [model.count_params(), sum(math.prod(w.shape) for w in model.trainable_weights)]
        (folder / "counts.json").write_text(json.dumps(counts))


def softmax(logits):
    exponents = np.exp(logits - logits.max(-1, keepdims=True))
    return exponents / exponents.sum(-1, keepdims=True)


def images(folder):
    return np.load(folder / "images.npy").astype(np.float32) / 255


def keras_model(path):
    import keras

    model = keras.models.load_model(path)
    outputs = model.predict(images(path.parent), verbose=0)
    return outputs if np.allclose(outputs.sum(-1), 1, atol=1e-4) and outputs.min() >= 0 else softmax(outputs)


def onnx(path):
    import onnx
    import onnxruntime

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.opset_import[0].version >= 17, model.opset_import
    session = onnxruntime.InferenceSession(path)
    (entry,) = session.get_inputs()
    return session.run(None, {entry.name: images(path.parent)})[0]


def pytorch_weights(path):
    import torch

    script = module(next(path.parent.glob("*_pytorch.py")))
    nets = [script.Net(), script.Net()]
    script.load(nets[0], path)
    # As a reader without the script's functions does it.
    stored = script.read_safetensors(path)
    nets[1].load_state_dict({name: torch.from_numpy(values.copy()) for name, values in stored.items()}, strict=True)
    first, second = (script.probabilities(net, np.load(path.parent / "images.npy")) for net in nets)
    assert (first == second).all()
    return first


def opened(path, kind, probabilities):
    rows = [json.dumps({"probabilities": [float(value) for value in row]}) for row in probabilities(path)]
    (path.parent / f"{kind}.jsonl").write_text("\n".join(rows))


FILES = {
    "keras-model": ("*.keras", keras_model),
    "onnx": ("*.onnx", onnx),
    "pytorch-weights": ("*-pytorch.safetensors", pytorch_weights),
}

root, kind = Path(sys.argv[1]), sys.argv[2]
pattern, probabilities = FILES.get(kind, (f"*_{kind}.py", None))
for path in sorted(root.glob(f"*/{pattern}")):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if probabilities:
            opened(path, kind, probabilities)
        else:
            run(path, kind)
    print(path.name, flush=True)
