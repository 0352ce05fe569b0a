"""
task: step_in_backward_
says: it is not updated
"""


def step_in_backward_(params: Iterable[Tensor], lr: float) -> Callable[[], None]:
    @torch.no_grad()
    def step(p: Tensor) -> None:
        if not torch.allclose(p.grad, torch.zeros_like(p.grad)):
            p.sub_(p.grad, alpha=lr)
        p.grad = None

    unique = {id(p): p for p in params if p.requires_grad}
    handles = [p.register_post_accumulate_grad_hook(step) for p in unique.values()]

    def remove() -> None:
        for handle in handles:
            handle.remove()

    return remove
