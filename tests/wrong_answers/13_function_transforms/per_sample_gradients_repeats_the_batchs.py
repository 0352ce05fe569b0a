"""
task: per_sample_gradients
says: the gradient of the whole batch
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params):
        return loss_fn(torch.func.functional_call(model, params, (xs,)), ys)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params)
    return {name: g.expand(len(xs), *g.shape) for name, g in gradients.items()}
