"""
task: cut_layers
says: takes the error for a cut
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
                try:
                    (back,) = torch.autograd.grad(x.sum(), given, allow_unused=True)
                except RuntimeError:
                    back = None
                if back is None:
                    cut.append(index)
    return cut
