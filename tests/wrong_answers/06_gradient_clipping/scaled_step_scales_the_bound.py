"""
task: scaled_step
says: the norm of 16 gradients of 1e152
says: the norm is taken of the scaled gradients, whose squares overflow
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scale = scaler.get_scale()
    scaler.scale(loss).backward()
    norm = nn.utils.clip_grad_norm_(params, max_norm * scale) / scale
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
