"""
Gives loss_fn the outputs of one sample without an axis for the batch.

task: clipped_mean_gradient
says: Dimension out of range
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    means = {n: torch.zeros_like(p).detach() for n, p in params.items()}
    for x, y in zip(xs, ys):
        loss = loss_fn(model(x[None]).squeeze(0), y)
        got = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.cat([g.reshape(-1) for g in got]).norm()
        f = (max_norm / (norm + 1e-6)).clamp(max=1)
        for m, g in zip(means.values(), got):
            m += f * g / len(xs)
    return means
