"""
task: checkpoint_chain
says: each is to run at most once more
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    if len(layers) == 1:
        return layers[0](x)
    half = len(layers) // 2
    first = lambda h: checkpoint_chain(layers[:half], h, 1)
    second = lambda h: checkpoint_chain(layers[half:], h, 1)
    h = torch.utils.checkpoint.checkpoint(first, x, use_reentrant=False)
    return torch.utils.checkpoint.checkpoint(second, h, use_reentrant=False)
