"""Prints the learning rate of every step under a PyTorch scheduler, as JSON.

A separate program, because PyTorch and TensorFlow cannot be loaded into the same process (both contain LLVM).

    python torch_rates.py '{"scheduler": "StepLR", "options": {"step_size": 1}, "rate": 0.1, "steps": 6, "steps_per_tick": 3}'
"""

import json
import sys

import torch


def rates(scheduler, options, rate, steps, steps_per_tick):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    ticker = getattr(torch.optim.lr_scheduler, scheduler)(optimizer, **options)
    used = []
    for step in range(1, steps + 1):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step % steps_per_tick == 0 and step < steps:
            ticker.step()
    return used


if __name__ == "__main__":
    print(json.dumps(rates(**json.loads(sys.argv[1]))))
