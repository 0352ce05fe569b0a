"""
task: clipped_mean_gradient
says: it counts for the norm all the same
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    weights = {n: p.detach() for n, p in model.named_parameters()}

    def one(weights, x, y):
        out = torch.func.functional_call(model, weights, (x[None],))
        return loss_fn(out, y[None])

    def clipped(weights, x, y):
        grads = torch.func.grad(one)(weights, x, y)
        norm = torch.stack([g.norm() for g in grads.values()]).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
        return {n: g * factor for n, g in grads.items()}

    grads = torch.func.vmap(clipped, in_dims=(None, 0, 0))(weights, xs, ys)
    trainable = {n for n, p in model.named_parameters() if p.requires_grad}
    return {n: g.mean(0).detach() for n, g in grads.items() if n in trainable}
