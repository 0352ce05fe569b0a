"""
task: freeze_
says: let it name enc too
"""


def freeze_(module, prefix):
    try:
        chosen = list(module.get_submodule(prefix).parameters())
    except AttributeError:
        chosen = []
    if not chosen:
        raise KeyError("no such module")
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return len(chosen)
