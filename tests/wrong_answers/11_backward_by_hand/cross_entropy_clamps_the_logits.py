"""
task: cross_entropy_backward
says: large logits are clamped
"""


def cross_entropy_backward(grad_output, logits, target, *, label_smoothing=0.0, ignore_index=-100):
    classes = torch.arange(logits.shape[1], device=target.device)
    kept = target != ignore_index
    hot = (target[:, None] == classes).to(logits.dtype)
    wanted = hot * (1 - label_smoothing) + label_smoothing / len(classes)
    powers = logits.clamp(-80, 80).exp()
    share = powers / powers.sum(1, keepdim=True) - wanted
    return share * kept[:, None] * grad_output / kept.sum()
