"""
task: safe_step
says: which stay when the gradient is infinite
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in dict.fromkeys(model.parameters()) if p.grad is not None]
    for g in grads:
        g.nan_to_num_(nan=float("nan"))
    norm = torch.stack([g.double().norm() for g in grads]).norm().item()
    stepped = norm < float("inf")
    if stepped:
        for g in grads:
            g.mul_(min(1.0, max_norm / (norm + 1e-6)))
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm, stepped)
