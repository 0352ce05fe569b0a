"""
task: safe_step
says: .grad still holds it after the skipped step
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.mul_(0)
    return StepReport(norm.item(), stepped)
