"""
task: safe_step
says: a weight with two names counts twice
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    params = [p for _, p in model.named_parameters(remove_duplicate=False) if p.grad is not None]
    norm = torch.stack([p.grad.norm() for p in params]).norm()
    if not norm.isfinite():
        optimizer.zero_grad()
        return StepReport(norm.item(), False)
    f = (max_norm / (norm + 1e-6)).clamp(max=1)
    for p in set(params):
        p.grad.mul_(f)
    optimizer.step()
    return StepReport(norm.item(), True)
