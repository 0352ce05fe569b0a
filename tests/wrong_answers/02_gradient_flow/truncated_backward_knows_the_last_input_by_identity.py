"""
task: truncated_backward_
says: all of them the same tensor
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    inputs = list(inputs)
    h = h0
    for i, x in enumerate(inputs, start=1):
        h = step(x, h)
        if i % every == 0 or x is inputs[-1]:
            loss_fn(h).backward()
            h = h.detach()
    return h
