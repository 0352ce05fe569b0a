"""
task: cut_layers
says: switched on
"""


def cut_layers(layers, x):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    cut = []
    for i, layer in enumerate(layers):
        h = x.detach()
        if h.is_floating_point():
            h.requires_grad_()
        x = layer(h)
        if h.requires_grad and (
            not x.requires_grad or torch.autograd.grad(x.sum(), h, allow_unused=True)[0] is None
        ):
            cut.append(i)
    torch.set_grad_enabled(before)
    return cut
