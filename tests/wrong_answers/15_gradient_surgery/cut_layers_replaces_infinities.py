"""
task: cut_layers
says: what the layers were given
"""


def cut_layers(layers, x):
    cut = []
    with torch.enable_grad():
        for i, layer in enumerate(layers):
            x = x.detach().nan_to_num() if x.is_floating_point() else x.detach()
            asks = x.is_floating_point()
            if asks:
                x.requires_grad_()
            y = layer(x)
            if asks:
                if not y.requires_grad:
                    cut.append(i)
                else:
                    (g,) = torch.autograd.grad(y, x, torch.ones_like(y), allow_unused=True)
                    if g is None:
                        cut.append(i)
            x = y
    return cut
