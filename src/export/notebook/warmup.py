class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    """Rises along a line in the first steps, and stays."""

    def __init__(self, max_learning_rate, warmup_steps):
        self.config = dict(max_learning_rate=max_learning_rate, warmup_steps=warmup_steps)

    def get_config(self):
        return self.config

    def __call__(self, step):
        most, steps = self.config.values()
        return most * keras.ops.minimum(1.0, keras.ops.cast(step, "float32") / steps)
