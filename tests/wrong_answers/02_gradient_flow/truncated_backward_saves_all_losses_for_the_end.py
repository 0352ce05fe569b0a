"""
task: truncated_backward_
says: Back-propagate each chunk at its end
"""


def truncated_backward_(step, h0, inputs, loss_fn, every):
    h, losses, count = h0, [], 0
    for count, x in enumerate(inputs, start=1):
        if count > 1 and (count - 1) % every == 0:
            losses.append(loss_fn(h))
            h = h.detach()
        h = step(x, h)
    losses.append(loss_fn(h))
    torch.stack(losses).sum().backward()
    return h.detach()
