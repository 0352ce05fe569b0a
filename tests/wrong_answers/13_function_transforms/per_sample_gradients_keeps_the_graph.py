"""
task: per_sample_gradients
says: still has a graph attached
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
