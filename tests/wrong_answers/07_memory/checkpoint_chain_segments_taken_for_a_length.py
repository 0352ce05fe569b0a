"""
task: checkpoint_chain
says: backward computed 3 segments again, which start at layers [4, 2, 0]
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    for i in range(0, len(layers), segments):
        segment = nn.Sequential(*layers[i : i + segments])
        x = torch.utils.checkpoint.checkpoint(segment, x, use_reentrant=False)
    return x
