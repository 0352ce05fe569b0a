"""
task: scaled_step
says: the clipped gradients are divided by the scale: call scaler.unscale_ before clipping
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scale = scaler.get_scale()
    scaler.scale(loss).backward()
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm / scale
