"""
task: checkpoint_chain
says: a segment is too long
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    for i in range(segments - 1):
        x = torch.utils.checkpoint.checkpoint(layers[i], x, use_reentrant=False)
    rest = nn.Sequential(*layers[segments - 1 :])
    return torch.utils.checkpoint.checkpoint(rest, x, use_reentrant=False)
