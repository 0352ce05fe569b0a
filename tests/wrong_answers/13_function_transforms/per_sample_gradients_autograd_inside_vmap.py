"""
task: per_sample_gradients
says: it raises RuntimeError
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}

    def gradients(x, y):
        with torch.enable_grad():
            loss = loss_fn(model(x[None]), y[None])
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        return dict(zip(params, grads))

    return torch.func.vmap(gradients)(xs, ys)
