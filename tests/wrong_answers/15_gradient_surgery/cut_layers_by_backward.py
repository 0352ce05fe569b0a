"""
task: cut_layers
says: .grad
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
                if x.requires_grad:
                    x.sum().backward()
                if given.grad is None:
                    cut.append(index)
    return cut
