"""
task: safe_step
says: the elements of the gradient decide, each of which is finite
"""


def safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, max_norm: float
) -> StepReport:
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    sound = all(bool(g.isfinite().all()) for g in grads)
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm).item()
    if sound:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm, sound)
