"""
task: freeze_
says: KeyError is due when no submodule is at
says: AttributeError was raised
"""


def freeze_(module, prefix):
    chosen = list(module.get_submodule(prefix).parameters())
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    if not chosen:
        raise KeyError(prefix)
    return len(chosen)
