class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Rises along a cosine to its maximum, and falls along another one to nearly nothing."""

    def __init__(self, max_learning_rate, total_steps, pct_start=0.3, div_factor=25, final_div_factor=10000):
        self.config = dict(max_learning_rate=max_learning_rate, total_steps=total_steps, pct_start=pct_start)
        self.config |= dict(div_factor=div_factor, final_div_factor=final_div_factor)

    def get_config(self):
        return self.config

    def __call__(self, step):
        most, total, share, div, final_div = self.config.values()
        step, peak = keras.ops.minimum(keras.ops.cast(step, "float32"), total - 1), share * total - 1
        cosine = lambda start, end, part: end + (start - end) / 2 * (1 + keras.ops.cos(np.pi * part))
        rising = cosine(most / div, most, step / peak if peak > 0 else 1.0)
        falling = cosine(most, most / div / final_div, (step - peak) / (total - 1 - peak))
        return keras.ops.where(step <= peak, rising, falling)
