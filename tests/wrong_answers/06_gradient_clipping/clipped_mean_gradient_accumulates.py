"""
task: clipped_mean_gradient
says: the mean of the clipped gradients
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    old = {name: p.grad for name, p in params.items()}
    model.zero_grad()
    for x, y in zip(xs.split(1), ys.split(1)):
        loss_fn(model(x), y).backward()
        nn.utils.clip_grad_norm_(params.values(), max_norm)
    means = {
        n: torch.zeros_like(p) if p.grad is None else p.grad / len(xs) for n, p in params.items()
    }
    for name, p in params.items():
        p.grad = old[name]
    return means
