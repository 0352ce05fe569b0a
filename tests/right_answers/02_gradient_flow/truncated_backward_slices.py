"""
task: truncated_backward_
way: a list, cut into slices
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    inputs, h = list(inputs), h0
    for start in range(0, len(inputs), every):
        h = h.detach()
        for x in inputs[start : start + every]:
            h = step(x, h)
        loss_fn(h).backward()
    return h.detach()
