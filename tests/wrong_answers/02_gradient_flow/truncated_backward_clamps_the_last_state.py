"""
task: truncated_backward_
says: the last state, where h0 and the first input hold
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward()
            h = h.detach()
    if count % every:
        loss_fn(h).backward()
    return h.detach().clamp(-1000.0, 1000.0)
