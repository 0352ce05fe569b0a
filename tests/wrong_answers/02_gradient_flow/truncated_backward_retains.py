"""
task: truncated_backward_
says: h is never cut: each loss reaches back to the first input
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, count = h0, 0
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward(retain_graph=True)
    if count % every:
        loss_fn(h).backward()
    return h.detach()
