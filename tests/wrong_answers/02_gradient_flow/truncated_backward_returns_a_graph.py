"""
task: truncated_backward_
says: still has a graph attached
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    for count, x in enumerate(inputs, start=1):
        if count > 1 and count % every == 1 % every:
            h = h.detach()
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward()
    if count % every:
        loss_fn(h).backward()
    return h
