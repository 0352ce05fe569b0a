"""
task: safe_step
way: error_if_nonfinite raises, and the norm is measured before
"""


def safe_step(model, optimizer, loss, max_norm):
    for p in model.parameters():
        p.grad = None
    loss.backward()
    norm = nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None])
    try:
        nn.utils.clip_grad_norm_(model.parameters(), max_norm, error_if_nonfinite=True)
    except RuntimeError:
        optimizer.zero_grad()
        return StepReport(float(norm), False)
    optimizer.step()
    optimizer.zero_grad()
    return StepReport(float(norm), True)
