"""
task: freeze_
way: a dict of all submodules, whose own KeyError names the prefix
"""


def freeze_(module, prefix):
    params = list(dict(module.named_modules())[prefix].parameters())  # raises KeyError(prefix)
    if len(params) == 0:
        raise KeyError(prefix)
    for p in params:
        p.requires_grad_(False).grad = None
    return len(params)
