"""
task: intermediate_grads
says: the second replaces the first
"""


def intermediate_grads(layers, x, loss_fn):
    h, outputs = x.detach().requires_grad_(), {}
    for layer in layers:
        h = layer(h)
        outputs[layer] = h
    return list(torch.autograd.grad(loss_fn(h), list(outputs.values())))
