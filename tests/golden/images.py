"""Generates the small data sets of the golden runs, writes them in the official formats, and reads them for Keras.

Each class has a smooth random pattern. An image is the pattern of its class, shifted, darkened and with noise, so that a small
network learns something within two epochs. The random seeds are fixed, so the files are always the same.
"""

import struct
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"

# folder: (height, width, channels, classes, train, test)
SETS = {
    "mnist": (28, 28, 1, 10, 150, 41),
    "cifar10": (32, 32, 3, 10, 130, 40),
    "custom-12x9x1": (12, 9, 1, 5, 107, 40),
    "custom-10x7x3": (10, 7, 3, 6, 143, 37),
}


def draw(generator, patterns, count):
    """`count` images (u8, NHWC) and their labels, in random order."""
    classes, height, width, channels = patterns.shape
    labels = generator.permutation(np.arange(count) % classes)
    images = np.empty((count, height, width, channels), np.uint8)
    for i, label in enumerate(labels):
        shift = generator.integers(-1, 2, size=2)
        image = np.roll(patterns[label], shift, axis=(0, 1)) * generator.uniform(0.6, 1.0)
        image = image + generator.normal(0, 0.08, image.shape)
        images[i] = np.clip(image * 255, 0, 255).astype(np.uint8)
    return images, labels.astype(np.uint8)


def make_patterns(generator, classes, height, width, channels):
    """A sum of three random waves per class and channel, between 0 and 1."""
    y, x = np.mgrid[0:height, 0:width]
    patterns = np.zeros((classes, height, width, channels))
    for pattern in patterns:
        for channel in range(channels):
            for _ in range(3):
                fy, fx = generator.uniform(-1.3, 1.3, 2)
                phase = generator.uniform(0, 2 * np.pi)
                pattern[..., channel] += np.sin(2 * np.pi * (fy * y / height + fx * x / width) + phase)
    return 1 / (1 + np.exp(-2 * patterns))


def write_idx(path, array):
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(header + array.tobytes())


def write_cifar(folder, name, images, labels):
    planes = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(np.concatenate([labels[:, None], planes], axis=1).tobytes())


def write_all():
    for seed, (name, (height, width, channels, classes, train, test)) in enumerate(SETS.items()):
        generator = np.random.default_rng(2000 + seed)
        patterns = make_patterns(generator, classes, height, width, channels)
        x, y = draw(generator, patterns, train)
        x_test, y_test = draw(generator, patterns, test)
        folder = DATA / name
        folder.mkdir(parents=True, exist_ok=True)
        if name == "cifar10":
            batches = folder / "cifar-10-batches-bin"
            for i, (xs, ys) in enumerate(zip(np.array_split(x, 5), np.array_split(y, 5)), start=1):
                write_cifar(batches, f"data_batch_{i}.bin", xs, ys)
            write_cifar(batches, "test_batch.bin", x_test, y_test)
            continue
        # One channel: three dimensions, as in MNIST. More channels: four dimensions, channels last.
        pick = (lambda a: a[..., 0]) if channels == 1 else (lambda a: a)
        dims = 3 if channels == 1 else 4
        write_idx(folder / f"train-images-idx{dims}-ubyte", pick(x))
        write_idx(folder / "train-labels-idx1-ubyte", y)
        write_idx(folder / f"t10k-images-idx{dims}-ubyte", pick(x_test))
        write_idx(folder / "t10k-labels-idx1-ubyte", y_test)


def read_idx(path):
    raw = path.read_bytes()
    dims = raw[3]
    shape = struct.unpack(f">{dims}I", raw[4 : 4 + 4 * dims])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dims).reshape(shape)


def read_split(folder, split):
    """Images (u8, NHWC) and labels of the split "train" or "t10k"."""
    batches = folder / "cifar-10-batches-bin"
    if batches.is_dir():
        names = [f"data_batch_{i}.bin" for i in range(1, 6)] if split == "train" else ["test_batch.bin"]
        raw = b"".join((batches / n).read_bytes() for n in names)
        rows = np.frombuffer(raw, np.uint8).reshape(-1, 3073)
        return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]
    (images,) = folder.glob(f"{split}-images-idx?-ubyte")
    x = read_idx(images)
    return x if x.ndim == 4 else x[..., None], read_idx(folder / f"{split}-labels-idx1-ubyte")


def folder_of(spec):
    """The name of an experiment's data folder."""
    name = spec["dataset"]["name"]
    return name if name != "custom" else "custom-" + "x".join(map(str, spec["input_shape"]))


def load(spec):
    """((x, y), (x_test, y_test), classes) after limits and merging; x in 0..1 as f32."""
    dataset = spec["dataset"]
    parts, limit = [], dataset.get("limit") or {}
    for split, key in (("train", "train"), ("t10k", "test")):
        x, y = read_split(DATA / folder_of(spec), split)
        n = limit.get(key) or len(x)
        parts.append((x[:n].astype(np.float32) / np.float32(255), y[:n].astype(np.int64)))
    merged = dataset.get("merge_classes")
    classes = SETS[folder_of(spec)][3]
    if merged:
        table = {old: new for new, group in enumerate(merged) for old in group}
        parts = [(x, np.array([table[label] for label in y])) for x, y in parts]
        classes = len(merged)
    return parts[0], parts[1], classes
