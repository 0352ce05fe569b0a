"""
task: freeze_
says: KeyError is due when no submodule is at 'encoder.0.weight'
"""


def freeze_(module, prefix):
    found = {
        id(p): p
        for n, p in module.named_parameters(remove_duplicate=False)
        if n == prefix or n.startswith(prefix + ".")
    }
    if not found:
        raise KeyError(prefix)
    for p in found.values():
        p.requires_grad_(False)
        p.grad = None
    return len(found)
