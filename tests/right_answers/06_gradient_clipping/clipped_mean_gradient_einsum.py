"""
task: clipped_mean_gradient
way: vmap over torch.func.grad, and an einsum with the factors
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    from torch.func import functional_call, grad, vmap

    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}

    def loss(ps, x, y):
        return loss_fn(functional_call(model, ps, (x[None],)), y[None])

    each = vmap(grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
    squares = sum(g.flatten(1).square().sum(1) for g in each.values())
    scale = (max_norm / (squares.sqrt() + 1e-6)).clamp(max=1) / len(xs)
    return {n: torch.einsum("n...,n->...", g, scale) for n, g in each.items()}
