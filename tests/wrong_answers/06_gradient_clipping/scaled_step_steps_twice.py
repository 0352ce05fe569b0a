"""
task: scaled_step
says: optimizer.step() comes after scaler.step(optimizer)
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    optimizer.step()
    scaler.update()
    optimizer.zero_grad()
    return norm
