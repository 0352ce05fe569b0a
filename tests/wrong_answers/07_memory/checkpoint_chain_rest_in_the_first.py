"""
task: checkpoint_chain
says: A length of 10/8 rounded down leaves 2 layers over
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size = len(layers) // segments
    first = len(layers) - size * (segments - 1)
    cuts = [0] + [first + size * i for i in range(segments)]
    for a, b in zip(cuts, cuts[1:]):
        x = torch.utils.checkpoint.checkpoint(nn.Sequential(*layers[a:b]), x, use_reentrant=False)
    return x
