"""
task: clipped_mean_gradient
says: 1e-5 is added to the norm
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.stack([grad.norm() for grad in grads]).norm()
        factor = (max_norm / (norm + 1e-5)).clamp(max=1)
        for mean, grad in zip(means.values(), grads):
            mean += grad * factor / len(xs)
    return means
