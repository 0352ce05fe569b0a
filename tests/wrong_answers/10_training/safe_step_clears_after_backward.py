"""
task: safe_step
says: no step is taken
"""


def safe_step(model, optimizer, loss, max_norm):
    loss.backward()
    optimizer.zero_grad()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)
