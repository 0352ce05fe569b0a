"""
task: truncated_backward_
says: the rest is shared out
"""


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    inputs = list(inputs)
    chunks = -(-len(inputs) // every)
    size = -(-len(inputs) // chunks)
    h = h0.detach()
    for start in range(0, len(inputs), size):
        for x in inputs[start : start + size]:
            h = step(x, h)
        loss_fn(h).backward()
        h = h.detach()
    return h
