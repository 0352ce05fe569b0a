"""
task: per_sample_gradients
says: graph
"""

from torch.func import functional_call, grad, vmap


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(functional_call(model, params, (x[None],)), y[None])

    return vmap(grad(loss), in_dims=(None, 0, 0))(params, xs, ys) if params else {}
