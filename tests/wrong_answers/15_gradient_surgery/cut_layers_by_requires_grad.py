"""
task: cut_layers
says: an output counts as whole if it requires grad
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        with torch.enable_grad():
            given = x.detach()
            if given.is_floating_point():
                given.requires_grad_()
            x = layer(given)
            if given.requires_grad and not x.requires_grad:
                cut.append(index)
    return cut
