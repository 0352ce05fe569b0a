"""
task: checkpoint_chain
says: layers [0, 1, 2, 3] of 0 to 5 get no gradient for their weight
"""


def checkpoint_chain(layers, x, segments):
    return torch.utils.checkpoint.checkpoint_sequential(
        list(layers), segments, x, use_reentrant=True
    )
