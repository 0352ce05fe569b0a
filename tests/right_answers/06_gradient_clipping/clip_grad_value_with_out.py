"""
task: clip_grad_value_
way: torch.clamp with out
"""


def clip_grad_value_(params: Iterable[Tensor], clip_value: float) -> None:
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                torch.clamp(p.grad, -clip_value, clip_value, out=p.grad)
