"""
task: clipped_mean_gradient
way: torch.func, all samples at once
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss_of(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    each = torch.func.vmap(torch.func.grad(loss_of), in_dims=(None, 0, 0))(params, xs, ys)
    square = sum(g.flatten(1).square().sum(1) for g in each.values())
    factor = (max_norm / square.sqrt().clamp(min=1e-12)).clamp(max=1)
    return {name: torch.tensordot(factor, g, 1) / len(xs) for name, g in each.items()}
