"""
task: truncated_backward_
says: the state starts over at h0 with every chunk
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward()
            last, h = h, h0
    if count % every:
        loss_fn(h).backward()
        last = h
    return last.detach()
