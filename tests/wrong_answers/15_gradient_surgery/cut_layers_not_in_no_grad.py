"""
task: cut_layers
says: nothing is recorded there
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        given = x.detach()
        if given.is_floating_point():
            given.requires_grad_()
        x = layer(given)
        if given.requires_grad:
            back = x.requires_grad and torch.autograd.grad(x.sum(), given, allow_unused=True)
            if not back or back[0] is None:
                cut.append(index)
    return cut
