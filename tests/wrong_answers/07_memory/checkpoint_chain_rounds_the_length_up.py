"""
task: checkpoint_chain
says: with 10 layers in 8 segments, backward computed 5 segments again
says: A length of 10/8 rounded up makes too few
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size = -(-len(layers) // segments)
    for start in range(0, len(layers), size):
        segment = nn.Sequential(*layers[start : start + size])
        x = torch.utils.checkpoint.checkpoint(segment, x, use_reentrant=False)
    return x
