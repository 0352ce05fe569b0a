"""
task: freeze_
says: only parameters that were still trainable are counted
"""


def freeze_(module, prefix):
    try:
        chosen = list(module.get_submodule(prefix).parameters())
    except AttributeError:
        chosen = []
    if not chosen:
        raise KeyError(prefix)
    count = sum(p.requires_grad for p in chosen)
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return count
