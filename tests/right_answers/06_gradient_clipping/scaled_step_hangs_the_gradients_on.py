"""
task: scaled_step
way: torch.autograd.grad, with copies put into .grad, which ends as zeros
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = [p for p in params if p.requires_grad]
    scaled = torch.autograd.grad(scaler.scale(loss), params, allow_unused=True)
    for p, g in zip(params, scaled, strict=True):
        if g is not None:
            p.grad = g.clone()
    scaler.unscale_(optimizer)
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.stack([g.norm() for g in grads]).norm()
    for g in grads:
        g.mul_((max_norm / norm).clamp(max=1.0))
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=False)
    return norm
