"""
task: truncated_backward_
way: looks one input ahead, and cuts before a chunk
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    remaining, h, done = iter(inputs), h0, object()
    x, count = next(remaining), 0
    while x is not done:
        h = step(x, h)
        x, count = next(remaining, done), count + 1
        if x is done or count % every == 0:
            torch.autograd.backward(loss_fn(h))
            h = torch.Tensor.detach(h)
    return h
