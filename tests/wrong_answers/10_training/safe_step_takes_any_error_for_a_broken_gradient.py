"""
Takes every error of backward for a gradient that is not finite.

task: safe_step
says: when backward raises it
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    try:
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm, error_if_nonfinite=True)
    except RuntimeError:
        optimizer.zero_grad()
        return StepReport(float("nan"), False)
    optimizer.step()
    return StepReport(norm.item(), True)
