"""
task: scaled_step
says: nothing is clipped
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = nn.utils.get_total_norm([p.grad for p in params])
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
