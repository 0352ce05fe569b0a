"""
task: checkpoint_chain
says: the first is recomputed with the second
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for i in range(segments - 1):
        segment = nn.Sequential(*layers[cuts[i] : cuts[i + 1]])
        x = torch.utils.checkpoint.checkpoint(lambda h: segment(h), x, use_reentrant=False)
    return nn.Sequential(*layers[cuts[-2] :])(x)
