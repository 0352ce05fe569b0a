"""
task: cut_layers
says: the same detach
"""


def cut_layers(layers, x):
    layers, cut = list(layers), []
    for layer in layers:
        with torch.enable_grad():
            given = x.detach()
            x = layer(given.requires_grad_() if given.is_floating_point() else given)
            if given.requires_grad:
                back = x.requires_grad and torch.autograd.grad(x.sum(), given, allow_unused=True)
                if not back or back[0] is None:
                    cut.append(layers.index(layer))
    return cut
