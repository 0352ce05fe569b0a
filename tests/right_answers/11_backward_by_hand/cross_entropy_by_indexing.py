"""
task: cross_entropy_backward
way: only the rows that count are computed, and put into zeros
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    kept = target != ignore_index
    wanted = torch.nn.functional.one_hot(target[kept], logits.shape[1]).to(logits.dtype)
    wanted = torch.lerp(wanted, torch.full_like(wanted, 1 / logits.shape[1]), label_smoothing)
    grad = torch.zeros_like(logits)
    grad[kept] = grad_output * (logits[kept].log_softmax(1).exp() - wanted) / len(wanted)
    return grad
