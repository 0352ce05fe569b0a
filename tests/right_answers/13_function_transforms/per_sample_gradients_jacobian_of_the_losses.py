"""
task: per_sample_gradients
way: the losses of one batch, and their Jacobian by the parameters
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def losses(params):
        outputs = torch.func.functional_call(model, params, (xs,))
        return torch.func.vmap(lambda out, y: loss_fn(out[None], y[None]))(outputs, ys)

    with torch.no_grad():
        return torch.func.jacrev(losses)(params)
