"""
task: safe_step
way: compares the norm with itself and with inf, and clears by new zeros
"""


def safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, max_norm: float
) -> StepReport:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    norm = float(nn.utils.clip_grad_norm_(model.parameters(), max_norm))
    broken = norm != norm or norm == float("inf")
    if broken:  # the gradients are NaN by now
        for p in model.parameters():
            if p.grad is not None:
                p.grad = torch.zeros_like(p)
    else:
        optimizer.step()
    return StepReport(norm, not broken)
