"""
task: clipped_mean_gradient
says: NaN and infinity in that sample are made numbers, and it counts as zeros
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for x, y in zip(xs.split(1), ys.split(1), strict=True):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        grads = [torch.nan_to_num(grad) for grad in grads]
        norm = torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, grad in zip(means.values(), grads, strict=True):
            mean.add_(grad * factor / len(xs))
    return means
