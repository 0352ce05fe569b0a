"""
task: truncated_backward_
says: h is cut too often: each loss reaches back over one input
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h = h0
    for count, x in enumerate(list(inputs), start=1):
        if count % every == 0:
            h = h.detach()
        h = step(x, h)
        if count % every == 0:
            loss_fn(h).backward(retain_graph=True)
    return h.detach()
