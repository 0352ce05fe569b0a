"""
task: checkpoint_chain
says: with 6 layers in 2 segments, backward computed 6 segments again
"""


def checkpoint_chain(layers, x, segments):
    for layer in layers:
        x = torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False)
    return x
