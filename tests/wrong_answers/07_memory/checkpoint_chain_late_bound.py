"""
task: checkpoint_chain
says: each segment is recomputed with the last one
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for i in range(segments):

        def run(h):
            for layer in layers[cuts[i] : cuts[i + 1]]:
                h = layer(h)
            return h

        x = torch.utils.checkpoint.checkpoint(run, x, use_reentrant=False)
    return x
