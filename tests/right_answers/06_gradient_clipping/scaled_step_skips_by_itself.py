"""
task: scaled_step
way: calls the scaler's step only if the norm is finite
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    if torch.isfinite(norm):
        scaler.step(optimizer)
    scaler.update()
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = None
    return norm
