"""
task: checkpoint_chain
way: default arguments bind each segment; the last runs plainly
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size, extra = divmod(len(layers), segments)

    def run(part, h):
        for layer in part:
            h = layer(h)
        return h

    start = 0
    for i in range(segments - 1):
        stop = start + size + (i < extra)
        x = torch.utils.checkpoint.checkpoint(
            lambda h, part=layers[start:stop]: run(part, h), x, use_reentrant=False
        )
        start = stop
    return run(layers[start:], x)
