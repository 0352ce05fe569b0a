"""
task: scaled_step
says: it is the norm of the scaled gradients
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scale = scaler.get_scale()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm * scale
