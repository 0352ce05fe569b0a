"""
Clears the gradients of those parameters alone that require grad.

task: safe_step
says: the stale gradients of frozen parameters count
"""


def safe_step(model, optimizer, loss, max_norm):
    for p in model.parameters():
        if p.requires_grad:
            p.grad = None
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
