"""
task: checkpoint_chain
says: object of type 'generator' has no len()
"""


def checkpoint_chain(layers, x, segments):
    return torch.utils.checkpoint.checkpoint_sequential(layers, segments, x, use_reentrant=False)
