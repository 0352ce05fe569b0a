"""
task: cut_layers
says: only the first cut is found
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        with torch.enable_grad():
            given = x.detach()
            if given.is_floating_point():
                given.requires_grad_()
            x = layer(given)
            if given.requires_grad and (
                not x.requires_grad
                or torch.autograd.grad(x.sum(), given, allow_unused=True)[0] is None
            ):
                return [index]
    return cut
