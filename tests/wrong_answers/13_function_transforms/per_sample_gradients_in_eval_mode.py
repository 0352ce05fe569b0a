"""
task: per_sample_gradients
says: all modules run in eval mode
"""

from torch.func import functional_call, grad, vmap


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    modes = [(m, m.training) for m in model.modules()]

    def loss(params, x, y):
        return loss_fn(functional_call(model, params, (x[None],)), y[None])

    model.eval()
    try:
        with torch.no_grad():
            return vmap(grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
    finally:
        for m, t in modes:
            m.training = t
