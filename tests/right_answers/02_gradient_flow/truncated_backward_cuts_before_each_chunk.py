"""
task: truncated_backward_
way: takes chunks off an iterator, and cuts where each begins
"""

from itertools import islice


def truncated_backward_(step, h0, inputs, loss_fn, every):
    source = iter(inputs)
    h = h0
    while chunk := list(islice(source, every)):
        h = h.detach()
        for x in chunk:
            h = step(x, h)
        loss_fn(h).backward()
    return h.detach()
