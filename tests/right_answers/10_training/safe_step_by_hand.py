"""
task: safe_step
way: norm and clipping by hand; clears with zeros
"""

import math


def safe_step(model, optimizer, loss, max_norm):
    model.zero_grad(set_to_none=False)
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = math.sqrt(sum(g.pow(2).sum().item() for g in grads))
    if not math.isfinite(norm):
        for g in grads:
            g.zero_()
        return StepReport(norm=norm, stepped=False)
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    optimizer.step()
    return StepReport(norm=norm, stepped=True)
