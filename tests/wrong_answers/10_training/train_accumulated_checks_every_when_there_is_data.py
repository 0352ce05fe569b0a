"""
Checks every when the first batch comes.

task: train_accumulated
says: also without data; nothing was raised
"""

import torch


def train_accumulated(model, optimizer, loss_fn, batches, every):
    group, steps = [], 0

    def step():
        n = sum(len(x) for x, _ in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * (len(x) / n)).backward()
        optimizer.step()
        group.clear()

    for batch in batches:
        if every < 1:
            raise ValueError(f"every must be at least 1, got {every}")
        group.append(batch)
        if len(group) == every:
            step()
            steps += 1
    if group:
        step()
        steps += 1
    return steps
