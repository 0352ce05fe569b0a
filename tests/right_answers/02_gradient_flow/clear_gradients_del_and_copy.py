"""
task: clear_gradients_
way: deletes the attribute, or overwrites with a broadcast 0 after cutting the graph in place; two inner functions in a dispatch table.
"""


def clear_gradients_(params: Iterable[Tensor] | Tensor, *, set_to_none: bool = True) -> None:
    def drop(p: Tensor) -> None:
        del p.grad

    def blank(p: Tensor) -> None:
        g = p.grad
        if g.requires_grad:
            g.detach_()
        g.copy_(g.new_zeros(()))

    act = {True: drop, False: blank}[bool(set_to_none)]
    for p in [params] if isinstance(params, Tensor) else list(params):
        if p.grad is not None:
            act(p)
