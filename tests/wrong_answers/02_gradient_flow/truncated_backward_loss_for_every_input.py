"""
task: truncated_backward_
says: every input has a loss, not only the last of a chunk
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    from itertools import islice

    h, remaining = h0, iter(inputs)
    while chunk := list(islice(remaining, every)):
        total = 0
        for x in chunk:
            h = step(x, h)
            total = total + loss_fn(h)
        total.backward()
        h = h.detach()
    return h
