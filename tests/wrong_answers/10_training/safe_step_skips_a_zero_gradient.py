"""
task: safe_step
says: no step is taken: a norm of 0 is finite
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm).item()
    stepped = 0 < norm < float("inf")
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm, stepped)
