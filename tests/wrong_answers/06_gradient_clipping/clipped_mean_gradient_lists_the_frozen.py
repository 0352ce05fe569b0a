"""
task: clipped_mean_gradient
says: yours has the key '3.weight', which is not due
"""


def grads_of(loss, params):
    params = list(params)
    asked = [p for p in params if p.requires_grad]
    found = iter(torch.autograd.grad(loss, asked, materialize_grads=True))
    return [next(found) if p.requires_grad else None for p in params]


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters()}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for i in range(len(xs)):
        loss = loss_fn(model(xs[i : i + 1]), ys[i : i + 1])
        grads = [
            torch.zeros_like(p) if not p.requires_grad else g
            for p, g in zip(params.values(), grads_of(loss, params.values()))
        ]
        norm = torch.stack([g.norm() for g in grads]).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, g in zip(means.values(), grads):
            mean += g * factor / len(xs)
    return means
