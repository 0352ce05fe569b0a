"""
task: truncated_backward_
way: A coroutine owns the state; None tells it to back-propagate what is pending, and the cut is a clone under no_grad.
"""


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    last = h0

    def machine():
        nonlocal last
        age = 0
        while True:
            x = yield
            if x is not None:
                last = step(x, last)
                age += 1
            if age and (x is None or age >= every):
                loss_fn(last).backward()
                with torch.no_grad():
                    last = last.clone()
                age = 0

    feed = machine()
    next(feed)
    for x in inputs:
        feed.send(x)
    feed.send(None)
    feed.close()
    return last
