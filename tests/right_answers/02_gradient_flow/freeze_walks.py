"""
task: freeze_
way: attribute by attribute
"""


def freeze_(module, prefix):
    for name in prefix.split("."):
        children = dict(module.named_children())
        if name not in children:
            raise KeyError(f"{prefix}: no {name}")
        module = children[name]
    count = 0
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
        count += 1
    if count == 0:
        raise KeyError(f"{prefix} has no parameters")
    return count
