"""
task: truncated_backward_
says: TypeError
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h = h0
    for start in range(0, len(inputs), every):
        for x in inputs[start : start + every]:
            h = step(x, h)
        loss_fn(h).backward()
        h = h.detach()
    return h
