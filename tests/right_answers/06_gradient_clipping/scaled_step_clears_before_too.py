"""
task: scaled_step
way: clears before and after, and clips by hand
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = [*params]
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(scaler.scale(loss))
    scaler.unscale_(optimizer)
    norm = torch.stack([p.grad.norm() for p in params if p.grad is not None]).norm()
    f = torch.clamp(max_norm / norm, max=1.0)
    for p in params:
        if p.grad is not None:
            p.grad *= f
    scaler.step(optimizer)
    scaler.update()
    for p in params:
        p.grad = None
    return norm
