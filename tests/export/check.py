"""Runs exported scripts as a user would: `check.py FOLDER keras|pytorch`.

FOLDER contains a folder for each network with the script, weights.safetensors and images.npy. The results are written into the same
folder: FRAMEWORK.jsonl (the output of `predict`), FRAMEWORK.safetensors (the weights after loading and saving) and, for Keras,
counts.json (Keras's numbers of all and of trainable parameters).
"""

import contextlib
import importlib.util
import io
import json
import math
import sys
from pathlib import Path


def run(path, framework):
    spec = importlib.util.spec_from_file_location("exported", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    folder, printed = path.parent, io.StringIO()
    with contextlib.redirect_stdout(printed):
        script.main(["predict", "--images", str(folder / "images.npy"), "--count", "100"])
    (folder / f"{framework}.jsonl").write_text(printed.getvalue())
    script.main(["copy", "--out", str(folder / f"{framework}.safetensors")])
    if framework == "keras":
        model = script.build()
        counts = [model.count_params(), sum(math.prod(w.shape) for w in model.trainable_weights)]
        (folder / "counts.json").write_text(json.dumps(counts))


root, framework = Path(sys.argv[1]), sys.argv[2]
scripts = sorted(root.glob(f"*/*_{framework}.py"))
for path in scripts:
    run(path, framework)
    print(path.name, flush=True)
