"""
task: truncated_backward_
way: each chunk is a fold over an islice of one shared iterator.
"""

from functools import reduce
from itertools import chain, islice


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    stream = iter(inputs)
    h = h0.detach()
    for first in stream:
        chunk = chain((first,), islice(stream, every - 1))
        h = reduce(lambda state, x: step(x, state), chunk, h)
        torch.autograd.backward(loss_fn(h))
        h = h.detach()
    return h
