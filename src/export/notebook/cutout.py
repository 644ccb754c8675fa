class Cutout(layers.Layer):
    """Sets a square of each training image to 0. Its centre lies in the image, its edges need not."""

    def __init__(self, size, **options):
        super().__init__(**options)
        self.size, self.seeds = size, keras.random.SeedGenerator()

    def call(self, images, training=False):
        if not training:
            return images
        count, height, width, _ = keras.ops.shape(images)
        first = [keras.random.randint((count, 1), 0, side, seed=self.seeds) - self.size // 2 for side in (height, width)]
        rows, columns = keras.ops.arange(height) - first[0], keras.ops.arange(width) - first[1]
        rows, columns = ((0 <= place) & (place < self.size) for place in (rows, columns))
        return keras.ops.where((rows[:, :, None] & columns[:, None, :])[..., None], 0.0, images)
