"""
task: train_epoch
way: clears with zeros, lists what happened, averages with NumPy
"""

import numpy as np


def train_epoch(model, optimizer, loss_fn, batches):
    losses, sizes = [], []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        model.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(x))
    if not sizes:
        raise ValueError("empty")
    return float(np.average(losses, weights=sizes))
