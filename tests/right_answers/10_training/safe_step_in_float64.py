"""
task: safe_step
way: the norm in float64, which does not overflow, and a new gradient for each parameter
"""

import math


def safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, max_norm: float
) -> StepReport:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    having = [p for p in model.parameters() if p.grad is not None]
    norms = [torch.linalg.vector_norm(p.grad, dtype=torch.float64).item() for p in having]
    norm = torch.tensor(norms, dtype=torch.float64).norm().item()
    if not math.isfinite(norm):
        optimizer.zero_grad(set_to_none=True)
        return StepReport(norm=norm, stepped=False)
    if norm > max_norm:
        for p in having:
            p.grad = p.grad * (max_norm / norm)
    optimizer.step()
    return StepReport(norm=norm, stepped=True)
