"""
Puts .grad back under "except Exception", which Ctrl-C is not.

task: clipped_mean_gradient
says: .grad of the parameter
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    old = [p.grad for p in params.values()]

    def back():
        for p, g in zip(params.values(), old):
            p.grad = g

    means = {n: torch.zeros_like(p).detach() for n, p in params.items()}
    try:
        for i in range(len(xs)):
            for p in params.values():
                p.grad = None
            loss_fn(model(xs[i : i + 1]), ys[i : i + 1]).backward()
            got = [torch.zeros_like(p) if p.grad is None else p.grad for p in params.values()]
            norm = torch.cat([g.reshape(-1) for g in got]).norm()
            f = (max_norm / (norm + 1e-6)).clamp(max=1)
            for m, g in zip(means.values(), got):
                m += f * g.detach() / len(xs)
    except Exception:
        back()
        raise
    back()
    return means
