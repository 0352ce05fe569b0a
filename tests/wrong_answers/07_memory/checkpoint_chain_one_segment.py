"""
task: checkpoint_chain
says: a segment is too long. One checkpoint around all layers
"""


def checkpoint_chain(layers, x, segments):
    model = nn.Sequential(*layers)
    return torch.utils.checkpoint.checkpoint(model, x, use_reentrant=False)
