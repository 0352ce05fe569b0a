"""
task: scaled_step
says: a first loop uses the generator up, and nothing is clipped
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.get_total_norm([p.grad for p in params])
    nn.utils.clip_grads_with_norm_(params, max_norm, norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
