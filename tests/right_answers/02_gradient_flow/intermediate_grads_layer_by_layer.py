"""
task: intermediate_grads
way: a graph for each layer, joined by hand
"""


def intermediate_grads(layers, x, loss_fn):
    pairs, h = [], x.detach()
    for layer in layers:
        start = h.detach().requires_grad_()
        h = layer(start)
        pairs.append((start, h))
    last = h.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(loss_fn(last), last)
    gradients = [gradient]
    for start, end in reversed(pairs[1:]):
        (gradient,) = torch.autograd.grad(end, start, gradient)
        gradients.insert(0, gradient)
    return gradients
