"""
task: safe_step
says: weight and bias, which stay when the gradient is infinite
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    optimizer.step()
    return StepReport(norm.item(), stepped)
