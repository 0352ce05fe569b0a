"""
task: checkpoint_chain
says: the layers that no whole segment has room for do not run
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size = len(layers) // segments
    for i in range(segments):
        segment = nn.Sequential(*layers[i * size : (i + 1) * size])
        x = torch.utils.checkpoint.checkpoint(segment, x, use_reentrant=False)
    return x
