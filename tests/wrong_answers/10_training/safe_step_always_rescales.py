"""
task: safe_step
says: every gradient is scaled to max_norm, a small one too
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm()
    if not norm.isfinite():
        optimizer.zero_grad()
        return StepReport(norm.item(), False)
    for g in grads:
        g.mul_(max_norm / norm)
    optimizer.step()
    return StepReport(norm.item(), True)
