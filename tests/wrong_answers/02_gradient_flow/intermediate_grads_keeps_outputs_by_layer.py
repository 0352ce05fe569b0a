"""
task: intermediate_grads
says: outputs are kept by layer, and the first is lost to the second
"""


def intermediate_grads(layers, x, loss_fn):
    layers = list(layers)
    outputs = {}
    h = x.detach().requires_grad_()
    for layer in layers:
        h = layer(h)
        outputs[layer] = h
    grads = torch.autograd.grad(loss_fn(h), list(outputs.values()))
    by_layer = dict(zip(outputs, grads))
    return [by_layer[layer] for layer in layers]
