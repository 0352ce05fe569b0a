"""
task: scaled_step
way: clears at the start as well, to zeros at the end, and clips by hand
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    optimizer.zero_grad()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.cat([g.flatten() for g in grads]).norm()
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=False)
    return norm
