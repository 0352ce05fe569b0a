"""
task: safe_step
says: a weight with two names is scaled twice
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = torch.stack([p.grad.norm() for p in model.parameters() if p.grad is not None]).norm()
    if not norm.isfinite():
        optimizer.zero_grad()
        return StepReport(norm.item(), False)
    f = (max_norm / (norm + 1e-6)).clamp(max=1)
    for m in model.modules():
        for p in m.parameters(recurse=False):
            if p.grad is not None:
                p.grad.mul_(f)
    optimizer.step()
    return StepReport(norm.item(), True)
