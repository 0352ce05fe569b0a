"""
task: cut_layers
says: a gradient of zeros is a gradient
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        with torch.enable_grad():
            given = x.detach()
            if given.is_floating_point():
                given.requires_grad_()
            x = layer(given)
            if given.requires_grad:
                back = x.requires_grad and torch.autograd.grad(
                    x.sum(), given, allow_unused=True, materialize_grads=True
                )
                if not back or not back[0].any():
                    cut.append(index)
    return cut
