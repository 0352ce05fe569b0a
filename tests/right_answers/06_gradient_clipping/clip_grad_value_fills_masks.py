"""
task: clip_grad_value_
way: masked_fill_ above and below
"""


def _gradients(params: Iterable[Tensor]) -> list[Tensor]:
    return [p.grad.detach() for p in params if p.grad is not None]


def clip_grad_value_(params: Iterable[Tensor], clip_value: float) -> None:
    for g in _gradients(params):
        g.masked_fill_(g > clip_value, clip_value)
        g.masked_fill_(g < -clip_value, -clip_value)
