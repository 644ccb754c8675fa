class RandomCrop(layers.Layer):
    """Shifts each training image by up to `padding` whole pixels; pixels from outside are 0."""

    def __init__(self, padding, **options):
        super().__init__(**options)
        self.padding, self.seeds = padding, keras.random.SeedGenerator()

    def call(self, images, training=False):
        if not training:
            return images
        (count, height, width, _), most = keras.ops.shape(images), self.padding
        images = keras.ops.pad(images, [[0, 0], [most, most], [most, most], [0, 0]])
        rows, columns = (keras.random.randint((count, 1), 0, 2 * most + 1, seed=self.seeds) for _ in range(2))
        rows, columns = rows + keras.ops.arange(height), columns + keras.ops.arange(width)
        images = keras.ops.take_along_axis(images, rows[:, :, None, None], axis=1)
        return keras.ops.take_along_axis(images, columns[:, None, :, None], axis=2)
