"""
task: clipped_mean_gradient
says: yours has the key '2.weight', which is not due
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    every = model.named_parameters(remove_duplicate=False)
    params = {name: p for name, p in every if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for i in range(len(xs)):
        loss = loss_fn(model(xs[i : i + 1]), ys[i : i + 1])
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.stack(
            [g.norm() for g in {id(p): g for p, g in zip(params.values(), grads)}.values()]
        ).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, g in zip(means.values(), grads):
            mean += g * factor / len(xs)
    return means
