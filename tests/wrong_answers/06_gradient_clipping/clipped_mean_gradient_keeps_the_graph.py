"""
task: clipped_mean_gradient
says: still has a graph attached
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    total = {name: 0 for name in params}
    for x, y in zip(xs.split(1), ys.split(1)):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(
            loss, list(params.values()), create_graph=True, materialize_grads=True
        )
        norm = torch.stack([g.norm() for g in grads]).norm()
        for name, g in zip(params, grads):
            total[name] = total[name] + g * (max_norm / (norm + 1e-6)).clamp(max=1) / len(xs)
    return total
