"""
task: safe_step
says: the step is taken, though the norm is not finite
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(loss.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
