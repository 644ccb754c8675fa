class Triangular(keras.optimizers.schedules.LearningRateSchedule):
    """Rises along a line to its maximum, and falls along another one; start and end are shares of the maximum."""

    def __init__(self, max_learning_rate, total_steps, start=0, peak=0.5, end=0):
        self.config = dict(max_learning_rate=max_learning_rate, total_steps=total_steps, start=start, peak=peak, end=end)

    def get_config(self):
        return self.config

    def __call__(self, step):
        most, total, start, peak, end = self.config.values()
        step, peak = keras.ops.minimum(keras.ops.cast(step, "float32"), total), peak * total
        rising = start + (1 - start) * step / peak
        falling = 1 + (end - 1) * (step - peak) / (total - peak)
        return most * keras.ops.where(step < peak, rising, falling)
