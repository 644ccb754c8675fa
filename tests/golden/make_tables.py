"""Writes small Parquet and MATLAB files in the layouts of the public ones: tests/golden/tables. Needs numpy, pillow, pyarrow, scipy.

    python tests/golden/make_tables.py
"""

import io
import json
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from scipy.io import savemat

FOLDER = pathlib.Path(__file__).parent / "tables"


def pixels(index, size):
    """An image that can be told from the others, and computed in the tests: (i * 31 + k * 7) % 256."""
    values = (index * 31 + np.arange(int(np.prod(size))) * 7) % 256
    return values.astype(np.uint8).reshape(size)


def png(image):
    out = io.BytesIO()
    Image.fromarray(image.squeeze() if image.shape[-1] == 1 else image).save(out, "PNG")
    return out.getvalue()


def table(rows, size, labels, image="image", first=0, names=None):
    """A table as the `datasets` library writes it: images as files beside their paths, class names in the metadata."""
    files = [{"bytes": png(pixels(first + i, size)), "path": f"{i}.png"} for i in range(rows)]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    arrays = {image: pa.array(files, kind)}
    features = {image: {"_type": "Image"}}
    for name, (values, own) in labels.items():
        arrays[name] = pa.array(values, pa.int64())
        features[name] = {"names": own, "_type": "ClassLabel"}
    made = pa.table(arrays)
    about = json.dumps({"info": {"features": features}})
    return made.replace_schema_metadata({"huggingface": about}) if names is None else made


def write(path, made, **options):
    path = FOLDER / path
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(made, path, **options)


def main():
    digits = [str(i) for i in range(10)]
    for split, rows in (("train", 12), ("test", 5)):
        name = f"{split}-00000-of-00001.parquet"
        labels = [i % 10 for i in range(rows)]
        write(f"mnist/{name}", table(rows, (28, 28, 1), {"label": (labels, digits)}), row_group_size=5)
        write(f"svhn_hub/{name}", table(rows, (32, 32, 3), {"label": (labels, digits)}), row_group_size=5)
        write(f"cifar10/{name}", table(rows, (32, 32, 3), {"label": (labels, digits)}, "img"), row_group_size=5)
        both = {"fine_label": ([i * 8 for i in range(rows)], digits), "coarse_label": (labels, digits)}
        write(f"cifar100/{name}", table(rows, (32, 32, 3), both, "img"))
    # Other sets: every codec, both versions of pages, several columns, texts as labels.
    flowers = {"label": ([i % 3 for i in range(9)], ["daisy", "rose", "tulip"])}
    for codec in ("none", "snappy", "gzip", "zstd", "brotli"):
        write(f"codecs/{codec}.parquet", table(9, (6, 5, 3), flowers), compression=codec)
    write("codecs/pages-v2.parquet", table(9, (6, 5, 3), flowers), data_page_version="2.0", use_dictionary=False)
    write("codecs/delta.parquet", table(9, (6, 5, 3), flowers), use_dictionary=False, column_encoding={"label": "DELTA_BINARY_PACKED"})
    files = [png(pixels(i, (6, 5, 3))) for i in range(9)]
    texts = ["tulip", "daisy", "rose"] * 3
    plain = {"left": files, "right": files[::-1], "kind": texts, "number": pa.array(range(9), pa.int32())}
    write("columns.parquet", pa.table(plain))
    write("nulls.parquet", pa.table({"image": [files[0], None], "label": [0, 1]}))
    write("broken-rows.parquet", pa.table({"image": files[:4] + [b"not an image"], "label": [0, 1, 0, 1, 1]}))
    for split, rows in (("train", 4), ("test", 2)):
        images = np.stack([pixels(i, (32, 32, 3)) for i in range(rows)], axis=-1)
        digits = np.array([[10, 1, 9, 5][i] for i in range(rows)], np.uint8).reshape(-1, 1)
        path = FOLDER / "svhn" / f"{split}_32x32.mat"
        path.parent.mkdir(parents=True, exist_ok=True)
        savemat(path, {"X": images, "y": digits}, do_compression=split == "train")


if __name__ == "__main__":
    main()
