import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(11, 4))
for axis, name in zip(axes, ["loss", "accuracy"]):
    for key, label in [(name, "training"), ("val_" + name, "validation")]:
        if key in history.history:
            axis.plot(range(1, 1 + len(history.history[key])), history.history[key], label=label)
    axis.set(title=name, xlabel="epoch")
    axis.legend()
plt.show()
