"""
task: checkpoint_chain
says: x does not require grad, and so the output does not either
says: say use_reentrant=False
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for start, stop in itertools.pairwise(cuts):
        segment = nn.Sequential(*layers[start:stop])
        x = torch.utils.checkpoint.checkpoint(segment, x, use_reentrant=True)
    return x
