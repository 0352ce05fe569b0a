"""
task: safe_step
says: with a gradient of zeros
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if not stepped:
        optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    return StepReport(norm.item(), stepped)
