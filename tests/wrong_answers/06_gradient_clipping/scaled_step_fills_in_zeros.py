"""
task: scaled_step
says: a .grad of None becomes zeros, and weight decay
"""


def scaled_step(loss, params, optimizer, scaler, max_norm):
    params = list(params)
    scaled = torch.autograd.grad(scaler.scale(loss), params, materialize_grads=True)
    for p, g in zip(params, scaled, strict=True):
        p.grad = g.detach().clone()
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
