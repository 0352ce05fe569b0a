"""
task: clipped_mean_gradient
says: that sample is left out of the mean
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    kept = []
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.stack([g.norm() for g in grads]).norm()
        if norm > 0:
            kept.append([g * (max_norm / norm).clamp(max=1) for g in grads])
    return {name: torch.stack(gs).mean(0) for name, gs in zip(params, zip(*kept))}
