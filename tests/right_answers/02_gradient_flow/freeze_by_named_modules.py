"""
task: freeze_
way: a dict of submodules, whose own error names the prefix
"""


def freeze_(module, prefix):
    submodule = dict(module.named_modules())[prefix]
    params = [*submodule.parameters()]
    if len(params) == 0:
        raise KeyError(prefix)
    submodule.requires_grad_(False)
    submodule.zero_grad()
    return len(params)
