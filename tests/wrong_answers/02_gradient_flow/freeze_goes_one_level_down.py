"""
task: freeze_
says: KeyError: 'old'
"""


def freeze_(module, prefix):
    try:
        sub = module.get_submodule(prefix)
    except AttributeError:
        raise KeyError(prefix)
    n = 0
    for m in sub.children():
        for p in m.parameters(recurse=False):
            p.requires_grad_(False)
            p.grad = None
            n += 1
    for p in sub.parameters(recurse=False):
        p.requires_grad_(False)
        p.grad = None
        n += 1
    if not n:
        raise KeyError(prefix)
    return n
