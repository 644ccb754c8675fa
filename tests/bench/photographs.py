"""Makes 2,000 photographs of one megapixel in ten classes, for tests/web/photographs.spec.ts. Needs numpy and Pillow.

    python tests/bench/photographs.py FOLDER
"""

import pathlib
import shutil
import sys

import numpy as np
from PIL import Image

CLASSES, EACH, WIDTH, HEIGHT = 10, 200, 1152, 868
# Each one is written several times, which a reader does not know.
COPIES = 10


def photograph(kind, number):
    """A coarse pattern of the class, enlarged, with fine noise: about as many bytes as a photograph of this size."""
    random = np.random.default_rng(1000 * kind + number)
    coarse = random.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    coarse[kind % 9] = (25 * kind, 255 - 25 * kind, 128)
    large = np.asarray(Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.int16)
    grain = random.integers(-12, 13, (HEIGHT, WIDTH, 1), dtype=np.int16)
    return Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8))


def main():
    for kind in range(CLASSES):
        folder = pathlib.Path(sys.argv[1]) / f"class-{kind}"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(0, EACH, COPIES):
            first = folder / f"{number:03}.jpg"
            photograph(kind, number).save(first, quality=85)
            for copy in range(1, COPIES):
                shutil.copy(first, folder / f"{number + copy:03}.jpg")


if __name__ == "__main__":
    main()
