"""
task: truncated_backward_
says: one loss too many is back-propagated
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h = h0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward()
            h = h.detach()
    loss = loss_fn(h)
    if loss.requires_grad:
        loss.backward()
    return h.detach()
