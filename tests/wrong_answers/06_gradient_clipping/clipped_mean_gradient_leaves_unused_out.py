"""
task: clipped_mean_gradient
says: lacks the key 'spare'
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {}
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x), y)
        found = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        grads = {name: g for name, g in zip(params, found) if g is not None}
        norm = torch.stack([g.norm() for g in grads.values()]).norm()
        for name, g in grads.items():
            means[name] = means.get(name, 0) + g * (max_norm / (norm + 1e-6)).clamp(max=1) / len(xs)
    return means
