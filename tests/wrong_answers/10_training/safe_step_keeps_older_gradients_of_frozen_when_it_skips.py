"""
task: safe_step
says: a frozen or unused parameter still has its stale
"""


def safe_step(model, optimizer, loss, max_norm):
    params = [p for p in model.parameters() if p.requires_grad]
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in grads if g is not None]))
    if not norm.isfinite():
        for p in params:
            p.grad = None
        return StepReport(norm.item(), False)
    optimizer.zero_grad()
    scale = (max_norm / (norm + 1e-6)).clamp(max=1)
    for p, g in zip(params, grads):
        p.grad = None if g is None else g * scale
    optimizer.step()
    return StepReport(norm.item(), True)
