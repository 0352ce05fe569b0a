"""
task: checkpoint_chain
way: a reentrant checkpoint, whose input always requires grad
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size, longer = divmod(len(layers), segments)
    if torch.is_grad_enabled() and not x.requires_grad:
        x = x.detach().requires_grad_()
    while layers:
        length = size + (longer > 0)
        part = nn.Sequential(*layers[:length])
        layers, longer = layers[length:], longer - 1
        if torch.is_grad_enabled():
            x = torch.utils.checkpoint.checkpoint(part, x, use_reentrant=True)
        else:
            x = part(x)
    return x
