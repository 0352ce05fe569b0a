"""
task: truncated_backward_
says: only the last chunk's loss is back-propagated
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    inputs = list(inputs)
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0 and count < len(inputs):
            h = h.detach()
    loss_fn(h).backward()
    return h.detach()
