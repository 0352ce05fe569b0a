"""
task: cut_layers
says: requires_grad
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        with torch.enable_grad():
            given = x
            if given.is_floating_point():
                given.requires_grad_()
            x = layer(given)
            if given.requires_grad:
                back = x.requires_grad and torch.autograd.grad(x.sum(), given, allow_unused=True)
                if not back or back[0] is None:
                    cut.append(index)
            x = x.detach()
    return cut
