"""
task: checkpoint_chain
says: which is not to take all that a division leaves over
"""


def checkpoint_chain(layers, x, segments):
    model = nn.Sequential(*layers)
    return torch.utils.checkpoint.checkpoint_sequential(model, segments, x, use_reentrant=False)
