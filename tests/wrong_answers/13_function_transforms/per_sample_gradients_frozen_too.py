"""
task: per_sample_gradients
says: has the key '3.bias', which is not due
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x[None],)), y[None])

    with torch.no_grad():
        return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
