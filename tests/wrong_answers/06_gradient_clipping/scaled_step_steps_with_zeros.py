"""
task: scaled_step
says: the gradients become zeros, and a step is taken with them
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    if norm.isfinite():
        optimizer.step()
    else:
        for p in params:
            p.grad.zero_()
        optimizer.step()
    scaler.update()
    optimizer.zero_grad()
    return norm
