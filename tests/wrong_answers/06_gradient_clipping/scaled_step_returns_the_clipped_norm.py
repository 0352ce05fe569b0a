"""
task: scaled_step
says: it is computed after clipping
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    norm = nn.utils.get_total_norm([p.grad for p in params])
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
