"""
task: checkpoint_chain
way: divmod: the first few segments are longer by one
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    short, longer = divmod(len(layers), segments)
    start = 0
    for i in range(segments):
        stop = start + short + (i < longer)
        run = nn.Sequential(*layers[start:stop])
        x = torch.utils.checkpoint.checkpoint(run, x, use_reentrant=False)
        start = stop
    return x
