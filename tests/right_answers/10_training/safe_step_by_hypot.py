"""
task: safe_step
way: the norms in float64, put together by hypot
"""

import math


def safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, max_norm: float
) -> StepReport:
    # By hand, in float64.
    for p in model.parameters():
        p.grad = None
    loss.backward()
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    norm = math.hypot(*(g.detach().double().norm().item() for g in gradients))
    stepped = math.isfinite(norm)
    if stepped:
        if norm > max_norm:
            with torch.no_grad():
                for g in gradients:
                    g.mul_(max_norm / norm)
        optimizer.step()
    else:
        for p in model.parameters():
            p.grad = None
    return StepReport(norm=norm, stepped=stepped)
