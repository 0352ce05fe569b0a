"""
task: freeze_
says: old.encoder.0.weight
says: a path is met whole
"""


def freeze_(module, prefix):
    chosen = [p for n, p in module.named_parameters(remove_duplicate=False) if prefix in n]
    if not chosen:
        raise KeyError(prefix)
    for p in chosen:
        p.requires_grad_(False)
        p.grad = None
    return len(chosen)
