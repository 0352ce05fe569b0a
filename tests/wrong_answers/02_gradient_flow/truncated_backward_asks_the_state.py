"""
Takes h.requires_grad for the sign of a left-over chunk: with a frozen step and trained weights in loss_fn that chunk is lost.

task: truncated_backward_
says: the last chunk is left out
"""


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    h = h0
    for i, x in enumerate(inputs, 1):
        h = step(x, h)
        if i % every == 0:
            loss_fn(h).backward()
            h = h.detach()
    if h.requires_grad:
        loss_fn(h).backward()
    return h.detach()
