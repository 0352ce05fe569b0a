"""
task: per_sample_gradients
says: they are the mean over the samples
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    with torch.no_grad():
        each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
    return {name: g.mean(0) for name, g in each.items()}
