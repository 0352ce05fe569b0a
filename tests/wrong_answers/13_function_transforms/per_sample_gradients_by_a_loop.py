"""
task: per_sample_gradients
says: the model runs 3 times: call it once, under vmap
"""


def per_sample_gradients(model, loss_fn, xs, ys):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    rows = []
    for x, y in zip(xs.detach().split(1), ys.detach().split(1)):
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        rows.append(
            [
                torch.zeros_like(p).detach() if g is None else g
                for p, g in zip(params.values(), grads)
            ]
        )
    return {name: torch.stack(column) for name, column in zip(params, zip(*rows))}
