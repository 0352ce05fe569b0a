"""
task: per_sample_gradients
says: has shape
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    of_each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0), out_dims=0)
    with torch.no_grad():
        return {name: g.movedim(0, -1) for name, g in of_each(params, xs, ys).items()}
