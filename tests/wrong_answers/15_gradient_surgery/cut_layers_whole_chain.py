"""
task: cut_layers
says: counted as cut
"""


def cut_layers(layers, x):
    cut = []
    with torch.enable_grad():
        start = h = x.detach().requires_grad_(x.is_floating_point())
        for index, layer in enumerate(layers):
            floating = h.is_floating_point()
            h = layer(h)
            if floating:
                back = h.requires_grad and torch.autograd.grad(
                    h.sum(), start, allow_unused=True, retain_graph=True
                )
                if not back or back[0] is None:
                    cut.append(index)
    return cut
