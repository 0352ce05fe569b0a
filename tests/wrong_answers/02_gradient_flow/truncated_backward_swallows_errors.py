"""
task: truncated_backward_
says: RuntimeError is due when backward raises it in a chunk
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            try:
                loss_fn(h).backward()
            except RuntimeError:
                pass
            h = h.detach()
    if count % every:
        try:
            loss_fn(h).backward()
        except RuntimeError:
            pass
    return h.detach()
