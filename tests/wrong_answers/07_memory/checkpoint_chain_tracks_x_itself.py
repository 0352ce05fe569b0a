"""
task: checkpoint_chain
says: requires_grad of an input was False before the call and is True after it
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    if torch.is_grad_enabled() and not x.requires_grad:
        x.requires_grad_()
    for i in range(segments):
        x = torch.utils.checkpoint.checkpoint(
            nn.Sequential(*layers[cuts[i] : cuts[i + 1]]), x, use_reentrant=True
        )
    return x
