"""
Clips each group of the optimizer by itself.

task: safe_step
says: each parameter is clipped by itself
"""


def safe_step(model, optimizer, loss, max_norm):
    optimizer.zero_grad()
    loss.backward()
    norms = [nn.utils.clip_grad_norm_(g["params"], max_norm) for g in optimizer.param_groups]
    norm = torch.stack(norms).norm()
    if norm.isfinite():
        optimizer.step()
        return StepReport(norm.item(), True)
    optimizer.zero_grad()
    return StepReport(norm.item(), False)
