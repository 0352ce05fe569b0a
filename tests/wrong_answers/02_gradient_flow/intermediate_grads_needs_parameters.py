"""
task: intermediate_grads
says: does not require grad
"""


def intermediate_grads(layers, x, loss_fn):
    outputs = []
    for layer in layers:
        x = layer(x)
        outputs.append(x)
    return list(torch.autograd.grad(loss_fn(x), outputs))
