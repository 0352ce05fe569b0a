"""
Gives zeros to parameters without a gradient.

task: safe_step
says: one of them with weight decay and no .grad
"""


def safe_step(model, optimizer, loss, max_norm):
    params = list(model.parameters())
    optimizer.zero_grad()
    loss.backward()
    for p in params:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    if norm.isfinite():
        optimizer.step()
        return StepReport(norm.item(), True)
    optimizer.zero_grad()
    return StepReport(norm.item(), False)
