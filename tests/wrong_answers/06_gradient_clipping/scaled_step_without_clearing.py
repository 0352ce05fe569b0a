"""
task: scaled_step
says: after the step gradients are left (2 of 2)
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    return norm
