"""
task: checkpoint_chain
says: and one that takes what a division leaves over is long too
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    size = len(layers) // segments
    for i in range(segments):
        end = len(layers) if i == segments - 1 else (i + 1) * size
        x = torch.utils.checkpoint.checkpoint(
            nn.Sequential(*layers[i * size : end]), x, use_reentrant=False
        )
    return x
