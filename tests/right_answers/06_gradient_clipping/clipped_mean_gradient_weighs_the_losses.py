"""
task: clipped_mean_gradient
way: first each sample's factor, then one backward of the weighted losses
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    params = list(named.values())
    weighted = []
    for i in range(len(xs)):
        loss = loss_fn(model(xs[i : i + 1]), ys[i : i + 1])
        grads = torch.autograd.grad(loss, params, retain_graph=True, materialize_grads=True)
        norm = torch.cat([g.reshape(-1) for g in grads]).norm().item()
        weighted.append(loss * (max_norm / norm if norm > max_norm else 1.0))
    result = torch.autograd.grad(torch.stack(weighted).mean(), params, materialize_grads=True)
    return dict(zip(named, result, strict=True))
