"""
task: per_sample_gradients
says: the model is called with an x of shape (2, 2), of 2 axes; it takes a batch
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x,)), y)

    with torch.no_grad():
        return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))(params, xs, ys)
