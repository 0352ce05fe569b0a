"""
task: truncated_backward_
way: a list first, so that the last input is known by its number
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    inputs = list(inputs)
    last = len(inputs)
    h = h0.detach()
    for count, x in enumerate(inputs, start=1):
        h = step(x, h)
        if count % every == 0 or count == last:
            torch.autograd.backward(loss_fn(h))
            h = h.detach()
    return h
