"""
Cuts with detach_, which raises where the step returns a view (cell output squeezed, h_n[0], chunk).

task: truncated_backward_
says: Can't detach views in-place
"""


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    h, pending = h0, 0
    for x in inputs:
        h = step(x, h)
        pending += 1
        if pending == every:
            loss_fn(h).backward()
            h.detach_()
            pending = 0
    if pending:
        loss_fn(h).backward()
        h.detach_()
    return h
