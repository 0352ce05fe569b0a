"""
Divides by a norm of 0.

task: safe_step
says: with a gradient of zeros, it raises ZeroDivisionError
"""

import math

import torch


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm().item()
    if not math.isfinite(norm):
        optimizer.zero_grad()
        return StepReport(norm, False)
    factor = min(1.0, max_norm / norm)
    for g in grads:
        g.mul_(factor)
    optimizer.step()
    return StepReport(norm, True)
