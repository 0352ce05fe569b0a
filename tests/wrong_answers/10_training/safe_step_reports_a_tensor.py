"""
task: safe_step
says: norm: yours is a tensor of shape (), a Python float is due
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm, stepped)
