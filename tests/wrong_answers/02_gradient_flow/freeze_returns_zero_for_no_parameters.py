"""
task: freeze_
says: has no parameters; nothing was raised
"""


def freeze_(module, prefix):
    try:
        chosen = list(module.get_submodule(prefix).parameters())
    except AttributeError:
        raise KeyError(prefix) from None
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return len(chosen)
