"""
task: checkpoint_chain
way: a reentrant checkpoint, whose input always requires grad
"""

import math


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size = math.ceil(len(layers) / segments)
    if torch.is_grad_enabled() and not x.requires_grad:
        x = x.detach().requires_grad_()
    for i in range(0, len(layers), size):
        part = nn.Sequential(*layers[i : i + size])
        if torch.is_grad_enabled():
            x = torch.utils.checkpoint.checkpoint(part, x, use_reentrant=True)
        else:
            x = part(x)
    return x
