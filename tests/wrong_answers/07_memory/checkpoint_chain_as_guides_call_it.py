"""
task: checkpoint_chain
says: say use_reentrant=False
"""

import itertools


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for start, stop in itertools.pairwise(cuts):
        segment = nn.Sequential(*layers[start:stop])
        x = torch.utils.checkpoint.checkpoint(segment, x)
    return x
