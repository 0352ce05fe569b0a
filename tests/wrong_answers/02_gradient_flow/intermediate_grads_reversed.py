"""
task: intermediate_grads
says: they come in reverse order
"""


def intermediate_grads(layers, x, loss_fn):
    h, outputs = x.detach().requires_grad_(), []
    for layer in layers:
        h = layer(h)
        outputs.insert(0, h)
    return list(torch.autograd.grad(loss_fn(h), outputs))
