"""
task: clipped_mean_gradient
says: the tensor that a and b share is scaled twice
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        grads = [torch.zeros_like(p) if g is None else g for p, g in zip(params.values(), grads)]
        norm = torch.stack([grad.norm() for grad in grads]).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, grad in zip(means.values(), grads):
            mean += grad.mul_(factor) / len(xs)
    return means
