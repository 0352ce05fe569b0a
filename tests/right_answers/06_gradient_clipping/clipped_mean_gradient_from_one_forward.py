"""
task: clipped_mean_gradient
way: a flat matrix of per-sample gradients, with a branch for those above the bound
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    names, params = zip(*((n, p) for n, p in model.named_parameters() if p.requires_grad))
    rows = []
    for i in range(len(xs)):
        x, y = xs[i].unsqueeze(0), ys[i].unsqueeze(0)
        grads = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
        full = [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads)]
        row = torch.cat([g.flatten() for g in full])
        rows.append(row * (max_norm / row.norm()) if row.norm() > max_norm else row)
    mean = torch.stack(rows).mean(0)
    parts = mean.split([p.numel() for p in params])
    return {n: part.view_as(p).detach() for n, p, part in zip(names, params, parts)}
