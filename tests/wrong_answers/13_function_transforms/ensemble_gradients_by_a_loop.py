"""
task: ensemble_gradients
says: the model runs 4 times
"""


def ensemble_gradients(models, loss_fn, x, y):
    rows, losses = [], []
    for model in models:
        params = {name: p for name, p in model.named_parameters() if p.requires_grad}
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
        rows.append(
            [torch.zeros_like(p) if g is None else g for p, g in zip(params.values(), grads)]
        )
        losses.append(loss.detach())
    stacked = [torch.stack(column).detach() for column in zip(*rows)]
    return torch.stack(losses), dict(zip(params, stacked))
