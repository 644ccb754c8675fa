"""Small image files of every kind, and their pixels as Keras's loader reads them: `image_files.safetensors`.

    python tests/golden/make_image_files.py

A tensor's name is `FILE COLOR_MODE INTERPOLATION HEIGHT WIDTH CROP`; its values are those of `image_dataset_from_directory`.
"""

import os
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

HERE = Path(__file__).parent / "image_files"
HEIGHT, WIDTH = 23, 37


def photo(channels):
    """A smooth image with an edge and some noise, as photographs have it."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [127 + 90 * np.sin(x / (5 + c) + y / 9) + 25 * (x > 20) + 6 * rng.standard_normal(x.shape) for c in range(channels)]
    return np.clip(np.stack(planes, axis=-1), 0, 255)


def write_files():
    HERE.mkdir(exist_ok=True)
    rgb, grey = photo(3).astype(np.uint8), photo(1)[..., 0].astype(np.uint8)
    alpha = (np.mgrid[0:HEIGHT, 0:WIDTH][1] * 6).astype(np.uint8)
    Image.fromarray(rgb).save(HERE / "rgb.png")
    Image.fromarray(grey).save(HERE / "grey.png")
    Image.fromarray(rgb).quantize(64).save(HERE / "palette.png")
    Image.fromarray(np.dstack([rgb, alpha])).save(HERE / "rgba.png")
    Image.fromarray(np.dstack([grey, alpha])).save(HERE / "grey_alpha.png")
    Image.fromarray((photo(1)[..., 0] * 257).astype(np.uint16)).save(HERE / "grey16.png")
    Image.fromarray(rgb).save(HERE / "photo.jpg", quality=90, subsampling=2)
    Image.fromarray(rgb).save(HERE / "photo_full.jpg", quality=95, subsampling=0)
    Image.fromarray(grey).save(HERE / "grey.jpg", quality=90)
    Image.fromarray(rgb).save(HERE / "rgb.bmp")
    Image.fromarray(rgb).quantize(64).save(HERE / "palette.gif")
    Image.fromarray(rgb).save(HERE / "rgb.webp", lossless=True)


def load(file, color_mode, interpolation, size, crop):
    with tempfile.TemporaryDirectory() as folder:
        for name in ["a", "b"]:
            (Path(folder) / name).mkdir()
        target = Path(folder) / "a" / file
        target.write_bytes((HERE / file).read_bytes())
        if file.endswith(".webp"):
            # Keras lists no WebP files, but TensorFlow reads them by their content.
            target = target.rename(target.with_suffix(".png"))
        data = keras.utils.image_dataset_from_directory(
            folder, labels="inferred", color_mode=color_mode, batch_size=None, image_size=size, shuffle=False,
            interpolation=interpolation, crop_to_aspect_ratio=crop, verbose=False, class_names=["a", "b"],
        )
        return next(iter(data))[0].numpy()


def main():
    write_files()
    methods = ["bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5"]
    cases = [(file.name, "rgb", "bilinear", (12, 10), False) for file in sorted(HERE.iterdir())]
    cases += [(f, "grayscale", "bilinear", (12, 10), False) for f in ["rgb.png", "grey.png", "grey_alpha.png", "rgba.png", "grey16.png", "palette.png", "photo.jpg", "grey.jpg"]]
    cases += [("rgb.png", "rgb", method, size, False) for method in methods for size in [(9, 16), (30, 41)]]
    cases += [("rgb.png", "rgb", "bilinear", size, True) for size in [(8, 8), (24, 20), (5, 31)]]
    tensors = {" ".join([f, mode, method, str(size[0]), str(size[1]), str(crop)]): load(f, mode, method, size, crop) for f, mode, method, size, crop in cases}
    save_file(tensors, Path(__file__).parent / "image_files.safetensors")


main()
