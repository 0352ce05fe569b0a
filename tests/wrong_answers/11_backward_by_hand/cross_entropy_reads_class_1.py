"""
task: cross_entropy_backward
says: classes=1, ignore_index=-100
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    classes = logits.shape[1]
    kept = target != ignore_index
    wanted = torch.full_like(logits, label_smoothing / classes)
    own = torch.full_like(logits[:, :1], 1 - label_smoothing)
    wanted.scatter_add_(1, torch.where(kept, target, 1)[:, None], own)
    grad = (torch.softmax(logits, 1) - wanted) * kept[:, None]
    return grad * grad_output / kept.sum()
