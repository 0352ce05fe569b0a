"""
task: checkpoint_chain
way: torch's own checkpoint_sequential, whose last segment runs plainly
"""


def checkpoint_chain(layers, x, segments):
    model = nn.Sequential(*layers)
    return torch.utils.checkpoint.checkpoint_sequential(model, segments, x, use_reentrant=False)
