"""
task: freeze_
says: a parameter that has two names in the submodule is counted twice
"""


def freeze_(module, prefix):
    found = [
        p for n, p in module.named_parameters(remove_duplicate=False) if n.startswith(prefix + ".")
    ]
    if not found:
        raise KeyError(prefix)
    for p in found:
        p.requires_grad_(False)
        p.grad = None
    return len(found)
