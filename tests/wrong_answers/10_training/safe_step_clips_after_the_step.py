"""
task: safe_step
says: the gradient is not clipped, or only after the step
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None])
    if not norm.isfinite():
        optimizer.zero_grad()
        return StepReport(norm.item(), False)
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    return StepReport(norm.item(), True)
