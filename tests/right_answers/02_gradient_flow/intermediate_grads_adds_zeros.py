"""
task: intermediate_grads
way: adds zeros that record to each output, and asks for their gradients
"""


def intermediate_grads(layers, x, loss_fn):
    h, zeros = x.detach(), []
    for layer in layers:
        h = layer(h)
        zeros.append(torch.zeros_like(h, requires_grad=True))
        h = h + zeros[-1]
    return list(torch.autograd.grad(loss_fn(h), zeros))
