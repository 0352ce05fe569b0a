"""
task: clipped_mean_gradient
says: .grad of
"""


def clipped_mean_gradient(model, loss_fn, xs, ys, max_norm):
    old = {p: p.grad for p in model.parameters()}
    trainable = {n: p for n, p in model.named_parameters() if p.requires_grad}
    mean = {n: torch.zeros(p.shape, dtype=p.dtype, device=p.device) for n, p in trainable.items()}
    for x, y in zip(xs, ys):
        for p in trainable.values():
            p.grad = None
        loss_fn(model(x.unsqueeze(0)), y.unsqueeze(0)).backward()
        torch.nn.utils.clip_grad_norm_(trainable.values(), max_norm)
        for n, p in trainable.items():
            if p.grad is not None:
                mean[n].add_(p.grad, alpha=1 / len(xs))
    for p, g in old.items():
        p.grad = g
    return mean
