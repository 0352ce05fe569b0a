"""
task: truncated_backward_
says: h is never cut: each loss reaches back to the first input
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, total, count = h0, 0, 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            total = total + loss_fn(h)
    if count % every:
        total = total + loss_fn(h)
    total.backward()
    return h.detach()
