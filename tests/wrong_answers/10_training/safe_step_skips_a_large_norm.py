"""
Takes a large norm for one that is not finite.

task: safe_step
says: stepped, with a norm of the size 1e12
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    if not norm.isfinite() or norm > 1e6:
        optimizer.zero_grad()
        return StepReport(norm.item(), False)
    optimizer.step()
    return StepReport(norm.item(), True)
