"""
task: per_sample_gradients
way: samples split into batches of one before vmap
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params, x, y):
        return loss_fn(torch.func.functional_call(model, params, (x,)), y)

    gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    each = gradients(params, xs.unsqueeze(1), ys.unsqueeze(1))
    return {name: g.detach() for name, g in each.items()}
