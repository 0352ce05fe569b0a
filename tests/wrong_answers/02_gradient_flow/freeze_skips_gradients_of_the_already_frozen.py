"""
task: freeze_
says: a parameter that was frozen before keeps its stale gradient
"""


def freeze_(module, prefix):
    try:
        chosen = list(module.get_submodule(prefix).parameters())
    except AttributeError:
        chosen = []
    if not chosen:
        raise KeyError(prefix)
    for p in chosen:
        if p.requires_grad:
            p.requires_grad_(False)
            p.grad = None
    return len(chosen)
