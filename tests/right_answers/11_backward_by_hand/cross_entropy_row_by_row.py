"""
task: cross_entropy_backward
way: a loop over the rows that count
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    rows = [i for i, t in enumerate(target.tolist()) if t != ignore_index]
    grad = torch.zeros_like(logits)
    for i in rows:
        wanted = torch.full_like(logits[i], label_smoothing / logits.shape[1])
        wanted[target[i]] += 1 - label_smoothing
        grad[i] = (logits[i].softmax(0) - wanted) / len(rows)
    return grad * grad_output
