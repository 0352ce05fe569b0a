"""
task: sgd_step_
way: hands all leaves at once to the fused foreach kernel that optimizers use.
"""


def sgd_step_(params: Iterable[Tensor], lr: float) -> None:
    pairs = [(p, p.grad.detach()) for p in params if p.grad is not None]
    if pairs:
        leaves, grads = map(list, zip(*pairs, strict=True))
        with torch.set_grad_enabled(False):
            torch._foreach_add_(leaves, grads, alpha=-lr)
