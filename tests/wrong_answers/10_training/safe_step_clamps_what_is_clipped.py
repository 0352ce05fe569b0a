"""
task: safe_step
says: with max_norm of the size 1e12 too
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.clamp_(-1e3, 1e3)
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
