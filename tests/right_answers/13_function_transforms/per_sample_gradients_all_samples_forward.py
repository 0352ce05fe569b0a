"""
task: per_sample_gradients
way: the model runs on all samples, and the losses are pulled back one by one
"""

from torch.func import functional_call, vmap, vjp


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    if not params:
        return {}

    def losses(params):
        out = functional_call(model, params, (xs,))
        return vmap(lambda o, y: loss_fn(o[None], y[None]))(out, ys)

    with torch.no_grad():
        out, pull = vjp(losses, params)
        return vmap(pull)(torch.eye(len(xs), dtype=out.dtype, device=out.device))[0]
