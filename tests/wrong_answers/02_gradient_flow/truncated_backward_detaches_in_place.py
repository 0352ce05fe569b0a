"""
task: truncated_backward_
says: Can't detach views in-place
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0.clone(), 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward()
            h.detach_()
    if count % every:
        loss_fn(h).backward()
    return h.detach()
