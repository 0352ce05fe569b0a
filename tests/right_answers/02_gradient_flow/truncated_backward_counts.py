"""
task: truncated_backward_
way: a counter, and a flag for the rest
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h = h0.detach().clone()
    waiting = 0
    for x in inputs:
        h = step(x, h)
        waiting += 1
        if waiting == every:
            loss_fn(h).backward()
            h = h.detach()
            waiting = 0
    if waiting:
        loss_fn(h).backward()
    return h.detach()
