"""
task: clipped_mean_gradient
says: a factor for each sample is due
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss_of(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    each = torch.func.vmap(torch.func.grad(loss_of), in_dims=(None, 0, 0))(params, xs, ys)
    return {
        name: g.mean(0) * (max_norm / (g.norm() + 1e-6)).clamp(max=1) for name, g in each.items()
    }
