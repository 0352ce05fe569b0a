"""
task: cross_entropy_backward
says: NaN
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    classes = logits.shape[1]
    kept = target != ignore_index
    wanted = torch.full_like(logits, label_smoothing / classes)
    wanted.scatter_add_(
        1,
        torch.where(kept, target, 0)[:, None],
        torch.full_like(logits[:, :1], 1 - label_smoothing),
    )
    grad = (logits.exp() / logits.exp().sum(1, keepdim=True) - wanted) * kept[:, None]
    return grad * grad_output / kept.sum()
