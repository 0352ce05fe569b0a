"""
task: scaled_step
says: the clipped gradients are divided by the scale
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    for p in params:
        p.grad /= scaler.get_scale()
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
