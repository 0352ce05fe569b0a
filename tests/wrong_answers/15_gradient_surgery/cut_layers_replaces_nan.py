"""
task: cut_layers
says: what the layers were given
"""


def cut_layers(layers, x):
    cut = []
    for index, layer in enumerate(layers):
        with torch.enable_grad():
            given = x.detach()
            if given.is_floating_point():
                given = given.nan_to_num(posinf=float("inf"), neginf=-float("inf"))
            x = layer(given.requires_grad_() if given.is_floating_point() else given)
            if given.requires_grad:
                back = x.requires_grad and torch.autograd.grad(x.sum(), given, allow_unused=True)
                if not back or back[0] is None:
                    cut.append(index)
    return cut
