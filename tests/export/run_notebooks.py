"""Runs exported notebooks headless: `run_notebooks.py FOLDER`.

The data sets are not downloaded: noise in their shapes and types stands for them. Beside each NAME.ipynb is written NAME.json: the
number of parameters, the figures of the training, the last learning rate, and whether a figure was drawn. A warning is an error.
"""

import json
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

DATA = """
import warnings
import numpy as np
import keras
warnings.simplefilter("error")
# TensorFlow's own.
warnings.filterwarnings("ignore", message="__array__")
def fetch(shape, classes, column):
    def load_data(label_mode="fine"):
        assert label_mode in ("fine", "coarse")
        count = 20 if label_mode == "coarse" else classes
        random = np.random.default_rng(0)
        labels = lambda n: (np.arange(n) % count).astype("uint8").reshape((n, 1) if column else (n,))
        images = lambda n: random.integers(0, 256, (n, *shape), dtype="uint8")
        return (images(96), labels(96)), (images(32), labels(32))
    return load_data
for name, shape, classes, column in [("mnist", (28, 28), 10, False), ("fashion_mnist", (28, 28), 10, False),
                                     ("cifar10", (32, 32, 3), 10, True), ("cifar100", (32, 32, 3), 100, True)]:
    getattr(keras.datasets, name).load_data = fetch(shape, classes, column)
"""

FIGURES = """
import json
warnings.simplefilter("ignore")
rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
steps = int(keras.ops.convert_to_numpy(model.optimizer.iterations))
print(json.dumps({"params": model.count_params(), "history": history.history, "rate": rate, "steps": steps}, default=float))
"""


def run(path):
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    notebook.cells.insert(1, new_code_cell(DATA))
    notebook.cells.append(new_code_cell(FIGURES))
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": path.parent}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    errors = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    # TensorFlow's log is there, too.
    complaints = [text for text in errors if re.search(r"[a-z]Warning\b|Error\b", text)]
    assert not complaints, complaints
    figures = json.loads(outputs[-1].text)
    figures["drawn"] = any("image/png" in output.get("data", {}) for output in outputs)
    path.with_suffix(".json").write_text(json.dumps(figures))


for path in sorted(Path(sys.argv[1]).glob("*.ipynb")):
    run(path)
    print(path.name, flush=True)
