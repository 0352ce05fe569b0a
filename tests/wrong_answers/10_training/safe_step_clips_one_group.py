"""
Clips the first group of the optimizer alone.

task: safe_step
says: norm: it differs
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], max_norm)
    if norm.isfinite():
        optimizer.step()
        return StepReport(norm.item(), True)
    optimizer.zero_grad()
    return StepReport(norm.item(), False)
