"""
task: freeze_
says: stale gradients are left
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
    return len(chosen)
