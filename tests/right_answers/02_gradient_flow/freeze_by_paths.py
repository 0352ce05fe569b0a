"""
task: freeze_
way: compares the split paths of all parameters, ties under every name, and counts by identity.
"""


def freeze_(module: nn.Module, prefix: str) -> int:
    want = prefix.split(".") if prefix else []
    own = {
        id(p): p
        for path, p in module.named_parameters(remove_duplicate=False)
        if len(parts := path.split(".")) > len(want) and parts[: len(want)] == want
    }
    if not own:
        raise KeyError(f"no parameters under {prefix!r}")
    for p in own.values():
        p.requires_grad, p.grad = False, None
    return len(own)
