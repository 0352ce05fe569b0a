"""
task: scaled_step
says: the parameters
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    params = list(params)
    norm = nn.utils.get_total_norm([p.grad for p in params])
    scaler.step(optimizer)
    nn.utils.clip_grads_with_norm_(params, max_norm, norm)
    scaler.update()
    optimizer.zero_grad()
    return norm
