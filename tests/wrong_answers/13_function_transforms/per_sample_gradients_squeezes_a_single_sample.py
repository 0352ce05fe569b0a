"""
task: per_sample_gradients
says: the axis of the samples is left out where there is one sample
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    with torch.no_grad():
        of_each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
    return {name: g.squeeze(0) for name, g in of_each.items()}
