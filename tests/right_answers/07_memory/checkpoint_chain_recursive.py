"""
task: checkpoint_chain
way: the first segment, and then the same for the rest
"""


def checkpoint_chain(layers, x, segments):
    layers = [*layers]
    if segments == 0:
        return x
    n = -(-len(layers) // segments)

    def run(h):
        for layer in layers[:n]:
            h = layer(h)
        return h

    y = torch.utils.checkpoint.checkpoint(run, x, use_reentrant=False, preserve_rng_state=False)
    return checkpoint_chain(layers[n:], y, segments - 1)
