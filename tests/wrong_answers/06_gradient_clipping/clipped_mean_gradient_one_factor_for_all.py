"""
task: clipped_mean_gradient
says: one factor is taken for all samples
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss_of(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    each = torch.func.vmap(torch.func.grad(loss_of), in_dims=(None, 0, 0))(params, xs, ys)
    norm = torch.stack([g.norm() for g in each.values()]).norm()
    factor = (max_norm / (norm + 1e-6)).clamp(max=1)
    return {name: g.mean(0) * factor for name, g in each.items()}
