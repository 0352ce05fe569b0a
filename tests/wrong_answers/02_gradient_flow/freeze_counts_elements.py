"""
task: freeze_
says: elements are counted, and not parameters
"""


def freeze_(module, prefix):
    try:
        chosen = list(module.get_submodule(prefix).parameters())
    except AttributeError:
        chosen = []
    if not chosen:
        raise KeyError(prefix)
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return sum(p.numel() for p in chosen)
