"""
task: scaled_step
says: the parameters after a step with these
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(-1000.0, 1000.0)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
