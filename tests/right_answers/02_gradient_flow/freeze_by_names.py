"""
task: freeze_
way: names of parameters, duplicates kept, split at the dots
"""


def freeze_(module, prefix):
    path = prefix.split(".")
    found = {
        id(p): p
        for name, p in module.named_parameters(remove_duplicate=False)
        if name.split(".")[: len(path)] == path and len(name.split(".")) > len(path)
    }
    if not found:
        raise KeyError(f"{prefix!r} matches no parameter")
    for p in found.values():
        p.requires_grad = False
        p.grad = None
    return len(found)
