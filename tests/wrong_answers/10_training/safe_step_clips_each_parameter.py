"""
task: safe_step
says: each parameter is clipped by itself
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm()
    for p in model.parameters():
        nn.utils.clip_grad_norm_(p, max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
