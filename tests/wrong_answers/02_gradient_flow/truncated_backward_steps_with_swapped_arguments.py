"""
task: truncated_backward_
says: step gets the state first, and then the input
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    from itertools import islice

    h, remaining = h0, iter(inputs)
    while chunk := list(islice(remaining, every)):
        for x in chunk:
            h = step(h, x)
        loss_fn(h).backward()
        h = h.detach()
    return h
