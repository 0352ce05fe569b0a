"""
task: checkpoint_chain
says: the input of a segment is detached
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for start, stop in itertools.pairwise(cuts):
        segment = nn.Sequential(*layers[start:stop])
        x = torch.utils.checkpoint.checkpoint(
            segment, x.detach().requires_grad_(), use_reentrant=False
        )
    return x
