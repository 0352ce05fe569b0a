"""
Divides by norm - 1e-6, which is negative for a small norm.

task: safe_step
says: 1e-6 is taken from the norm
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm().item()
    import math

    if not math.isfinite(norm):
        optimizer.zero_grad()
        return StepReport(norm, False)
    for g in grads:
        g.mul_(min(1.0, max_norm / (norm - 1e-6)))
    optimizer.step()
    return StepReport(norm, True)
