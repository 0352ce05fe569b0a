"""
task: scaled_step
says: the scale, which is to back off from 1024 to 512
says: the scaler is not told to update
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    if norm.isfinite():
        scaler.step(optimizer)
        scaler.update()
    optimizer.zero_grad()
    return norm
