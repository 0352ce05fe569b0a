"""
task: scaled_step
says: the smaller of the norm and max_norm is returned
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm.clamp(max=max_norm)
