"""
Detaches the gradient in place before the step, so a gradient with a graph loses it.

task: sgd_step_
says: the gradient lost its graph in the step
"""


def sgd_step_(params: Iterable[Tensor], lr: float) -> None:
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            p.add_(p.grad.detach_(), alpha=-lr)
