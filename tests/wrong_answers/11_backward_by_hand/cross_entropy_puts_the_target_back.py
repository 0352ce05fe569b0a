"""
task: cross_entropy_backward
says: written to, and put back
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    classes = logits.shape[1]
    kept = target != ignore_index
    target[~kept] = 0
    wanted = F.one_hot(target, classes).to(logits.dtype) * (1 - label_smoothing)
    target[~kept] = ignore_index
    wanted += label_smoothing / classes
    return (logits.softmax(1) - wanted) * kept[:, None] * grad_output / kept.sum()
