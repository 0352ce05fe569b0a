"""
task: clipped_mean_gradient
says: a model with 2.weight tied to 0.weight
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for i in range(len(xs)):
        loss = loss_fn(model(xs[i : i + 1]), ys[i : i + 1])
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.stack(
            [
                g.norm()
                for g in torch.autograd.grad(
                    loss_fn(model(xs[i : i + 1]), ys[i : i + 1]),
                    [
                        p
                        for _, p in model.named_parameters(remove_duplicate=False)
                        if p.requires_grad
                    ],
                    materialize_grads=True,
                )
            ]
        ).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, g in zip(means.values(), grads):
            mean += g * factor / len(xs)
    return means
