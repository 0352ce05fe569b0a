"""
task: intermediate_grads
says: with respect to the layer's input
"""


def intermediate_grads(layers, x, loss_fn):
    h, inputs = x.detach().requires_grad_(), []
    for layer in layers:
        inputs.append(h)
        h = layer(h)
    return list(torch.autograd.grad(loss_fn(h), inputs))
