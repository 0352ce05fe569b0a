"""
task: clipped_mean_gradient
says: .grad of the parameter '1.weight' was
says: and is None after it
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for x, y in zip(xs.split(1), ys.split(1)):
        model.zero_grad()
        loss_fn(model(x), y).backward()
        nn.utils.clip_grad_norm_(params.values(), max_norm)
        for mean, p in zip(means.values(), params.values()):
            if p.grad is not None:
                mean += p.grad / len(xs)
    model.zero_grad()
    return means
